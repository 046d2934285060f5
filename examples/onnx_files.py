"""Two ONNX files beside this one: encoder.onnx and decoder.onnx, each with one input and one output."""

import pathlib

import onnxruntime

from bench import Given

here = pathlib.Path(__file__).parent


def function(name):
    session = onnxruntime.InferenceSession(here / name, providers=["CPUExecutionProvider"])
    (given,) = session.get_inputs()
    return lambda array: session.run(None, {given.name: array})[0]


coder = Given(encode=function("encoder.onnx"), decode=function("decoder.onnx"))
