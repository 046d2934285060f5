"""The script that stands beside exported files: a few lines that load them without this package."""

import dataclasses

HEAD = '"""Encode and decode images{more}; needs {needs}."""'
_BEGIN = {
    "keras": ("import keras\nimport numpy as np", 'keras.saving.load_model(here / f"{name}.keras")'),
    "onnx": ("import numpy as np\nimport onnxruntime", 'onnxruntime.InferenceSession(here / f"{name}.onnx")'),
    "torch": ("import numpy as np\nimport torch", 'torch.export.load(here / f"{name}.pt2").module()'),
}
"""Imports, and what loads a file."""
_CALLS = {
    "keras": "{network}.predict({dictionary}, verbose=0)",
    "onnx": "{network}.run(None, {dictionary})[0]",
    "torch": "{network}({tensors}).detach().numpy()",
}
NEEDS = {"keras": "Keras and one of its backends", "onnx": "NumPy and ONNX Runtime", "torch": "PyTorch"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shapes:
    """What the networks take.

    Attributes
    ----------
    image
        `(h, w, c)`.
    code
        Numbers of a code.
    is_mixture
        Whether the sampler takes `choice` beside `noise`.
    has_sampler
        Whether there is one.
    """

    image: tuple[int, int, int]
    code: int
    has_sampler: bool
    is_mixture: bool


def text(form: str, shapes: Shapes) -> str:
    """The script of a format: at most ten lines that do something."""
    size, (imports, loads) = ", ".join(map(str, shapes.image)), _BEGIN[form]
    networks = ("encoder", "decoder", "sampler")[: 2 + shapes.has_sampler]
    names = ", ".join(f'"{network}"' for network in networks)
    more = ", and draw new ones" if shapes.has_sampler else ""
    lines = [
        HEAD.format(more=more, needs=NEEDS[form]) + "\n",
        f"import pathlib\n\n{imports}\n\nhere = pathlib.Path(__file__).parent",
        f"networks = ({names})",
        f"{', '.join(networks)} = ({loads} for name in networks)",
        f'images = np.random.default_rng(0).random((4, {size}), "float32")  # yours: floats in [0, 1]',
        f"codes = {_call(form, 'encoder', 'images')}  # (n, {shapes.code})",
        f"decoded = {_call(form, 'decoder', 'codes')}  # (n, {size})",
    ]
    if shapes.has_sampler:
        lines.append(f'noise = np.random.default_rng(1).standard_normal((16, {shapes.code}), "float32")')
        drawn = ["noise"]
        if shapes.is_mixture:
            lines.append('choice = np.random.default_rng(2).random(16, "float32")  # which component')
            drawn.append("choice")
        lines.append(f"samples = {_call(form, 'sampler', *drawn)}  # (16, {size})")
    return "\n".join(lines) + "\n"


def _call(form: str, network: str, *names: str) -> str:
    dictionary = "{" + ", ".join(f'"{name}": {name}' for name in names) + "}"
    tensors = ", ".join(f"torch.from_numpy({name})" for name in names)
    return _CALLS[form].format(network=network, dictionary=dictionary, tensors=tensors)
