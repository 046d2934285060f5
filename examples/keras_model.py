"""Two models of Keras beside this file: encoder.keras and decoder.keras, which ends in a sigmoid."""

import pathlib

import keras

from bench import Given

here = pathlib.Path(__file__).parent
encoder = keras.saving.load_model(here / "encoder.keras")
decoder = keras.saving.load_model(here / "decoder.keras")
coder = Given(
    encode=lambda images: encoder.predict(images, verbose=0),
    decode=lambda codes: decoder.predict(codes, verbose=0),
    parameter_count=encoder.count_params() + decoder.count_params(),
)
