"""Each adapter in examples/, run against the library that it is for, on small models and few images."""

import dataclasses
import functools
import pathlib
import shutil

import numpy as np
import pytest

from bench import datasets
from bench.ask.trial import External
from bench.models.plugins import Plugin
from bench.tasks import external
from tests.conftest import REPOSITORY

EXAMPLES = REPOSITORY / "examples"
MOST_LINES = 20


@functools.cache
def few():
    """Digits at their full size, but few of them."""
    digits = datasets.load_once("digits")
    counts = {"train": 200, "validation": 50, "test": 60}
    return dataclasses.replace(
        digits, **{name: getattr(digits, name).rows(slice(count)) for name, count in counts.items()}
    )


def measured(folder: pathlib.Path, name: str, source: str = "coder"):
    """The result of an example, copied to where its files are."""
    path = folder / name
    shutil.copy(EXAMPLES / name, path)
    plugin = Plugin(name=str(path), text=path.read_text() + f"\n# {folder}\n")  # a module of its own
    external.load(plugin, source)
    unit = External(dataset="digits", model="it", seed=0, file=plugin.sha256[:12], source=source)
    return external.run(unit, few(), ("basic",)).result


@pytest.fixture(autouse=True)
def seeded():
    torch = pytest.importorskip("torch", reason="no torch: these examples are of PyTorch")
    torch.manual_seed(0)


def check(result, size: int, *measures: str) -> None:
    """It ended well, with codes of this size and with these numbers."""
    assert result.status == "ok"
    assert result.unit.latent_dim == size
    assert all(result.measures[name] is not None for name in ("test_mse", "latent_knn_accuracy", *measures))


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_an_adapter_has_at_most_twenty_lines(path):
    if path.stem.startswith("peers"):
        pytest.skip("a comparison, no adapter")
    assert len([line for line in path.read_text().splitlines() if line.strip()]) <= MOST_LINES


def test_a_network_of_pytorch(tmp_path):
    torch = pytest.importorskip("torch")
    network = torch.nn.Module()
    network.encoder = torch.nn.Sequential(
        torch.nn.Conv2d(1, 4, 3, stride=4), torch.nn.Flatten(), torch.nn.LazyLinear(8)
    )
    network.decoder = torch.nn.Sequential(
        torch.nn.Linear(8, 784), torch.nn.Sigmoid(), torch.nn.Unflatten(1, (1, 28, 28))
    )
    network.encoder(torch.zeros(1, 1, 28, 28))
    torch.save(network, tmp_path / "network.pt")
    result = measured(tmp_path, "pytorch.py")
    check(result, 8)
    assert result.reasons["test_kl"] == "a coder that names no posterior"
    assert result.texts["library"] == f"torch {torch.__version__}"


def test_a_vae_of_pythae(tmp_path):
    models = pytest.importorskip("pythae.models", reason="no pythae: tox -e peers")
    models.VAE(models.VAEConfig(input_dim=(1, 28, 28), latent_dim=6)).save(str(tmp_path / "pythae_model"))
    result = measured(tmp_path, "pythae_vae.py")
    check(result, 6, "test_kl", "test_elbo")
    images = np.asarray(few().test.images)
    # Its likelihood has variance 1 and the constant that its loss drops.
    assert result.texts["prior"] == "N(0, I)"
    assert result.measures["test_elbo"] < -images[0].size / 2 * np.log(2 * np.pi)


def test_a_vae_of_the_package_autoencoders(tmp_path):
    package = pytest.importorskip("autoencoders", reason="no package autoencoders: tox -e peers")
    from autoencoders.data.base import TensorSpec

    model = package.VariationalAutoencoderModel(
        config=package.VariationalAutoencoderConfig(latent_dim=5),
        sample_spec=TensorSpec(shape=(784,)),
        encoder="mlp",
        encoder_config={"hidden_dims": [32], "activation": "relu", "use_bias": True},
        decoder="mlp",
        decoder_config={"hidden_dims": [32, 784], "activation": "relu", "use_bias": True},
    )
    model.save_pretrained(tmp_path / "autoencoders_model")
    check(measured(tmp_path, "autoencoders_vae.py"), 5, "test_kl")


def test_an_autoencoder_of_diffusers(tmp_path):
    diffusers = pytest.importorskip("diffusers", reason="no diffusers: tox -e peers")
    model = diffusers.AutoencoderKL(
        in_channels=1,
        out_channels=1,
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        block_out_channels=(4, 8),
        layers_per_block=1,
        latent_channels=1,
        norm_num_groups=4,
        sample_size=28,
    )
    model.save_pretrained(tmp_path / "diffusers_model")
    check(measured(tmp_path, "diffusers_kl.py"), 14 * 14)


def test_files_of_onnx(tmp_path):
    pytest.importorskip("onnxruntime", reason="no onnxruntime: tox -e peers")
    onnx = pytest.importorskip("onnx", reason="no onnx: tox -e peers")
    generator = np.random.default_rng(0)
    axes = generator.normal(size=(784, 7)).astype(np.float32) / 28

    def save(name, given, made, nodes, shape, constants):
        kinds = onnx.TensorProto.FLOAT
        graph = onnx.helper.make_graph(
            nodes,
            name,
            [onnx.helper.make_tensor_value_info("given", kinds, given)],
            [onnx.helper.make_tensor_value_info("made", kinds, made)],
            [
                *(onnx.numpy_helper.from_array(array, key) for key, array in constants.items()),
                onnx.numpy_helper.from_array(np.array(shape), "shape"),
            ],
        )
        opset = onnx.helper.make_opsetid("", 17)
        onnx.save(onnx.helper.make_model(graph, opset_imports=[opset], ir_version=8), tmp_path / name)

    node = onnx.helper.make_node
    save(
        "encoder.onnx",
        ("n", 28, 28, 1),
        ("n", 7),
        [node("Reshape", ["given", "shape"], ["flat"]), node("MatMul", ["flat", "axes"], ["made"])],
        (-1, 784),
        {"axes": axes},
    )
    save(
        "decoder.onnx",
        ("n", 7),
        ("n", 28, 28, 1),
        [
            node("MatMul", ["given", "axes"], ["logits"]),
            node("Sigmoid", ["logits"], ["flat"]),
            node("Reshape", ["flat", "shape"], ["made"]),
        ],
        (-1, 28, 28, 1),
        {"axes": axes.T.copy()},
    )
    check(measured(tmp_path, "onnx_files.py"), 7)


@pytest.mark.parametrize("source", ["pca", "nmf", "factor_analysis"])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_decompositions_of_scikit_learn(tmp_path, source):
    result = measured(tmp_path, "scikit_learn.py", source)
    check(result, 16)
    assert result.measures["fit_seconds"] > 0


def test_models_of_keras(tmp_path):
    import keras

    layers = keras.layers
    keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(9)]).save(
        tmp_path / "encoder.keras"
    )
    keras.Sequential(
        [keras.Input((9,)), layers.Dense(784, activation="sigmoid"), layers.Reshape((28, 28, 1))]
    ).save(tmp_path / "decoder.keras")
    result = measured(tmp_path, "keras_model.py")
    check(result, 9)
    assert result.measures["parameters"] == 784 * 9 + 9 + 9 * 784 + 784


def test_the_example_of_readme_runs_as_it_is_written(tmp_path, monkeypatch):
    torch = pytest.importorskip("torch")
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    section = text.split("## A model of another library")[1]
    code = section.split("```python\n")[1].split("```")[0]
    network = torch.nn.Module()
    network.encoder = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 8))
    network.decoder = torch.nn.Sequential(
        torch.nn.Linear(8, 784), torch.nn.Sigmoid(), torch.nn.Unflatten(1, (1, 28, 28))
    )
    torch.save(network, tmp_path / "network.pt")
    monkeypatch.chdir(tmp_path)
    plugin = Plugin(name=str(tmp_path / "mine.py"), text=code)
    external.load(plugin, "coder")
    unit = External(dataset="digits", model="mine", seed=0, file=plugin.sha256[:12], source="coder")
    check(external.run(unit, few(), ("basic",)).result, 8)


def test_the_vae_of_readme_has_a_posterior_a_prior_and_a_likelihood(tmp_path, monkeypatch):
    torch = pytest.importorskip("torch")
    section = (REPOSITORY / "README.md").read_text(encoding="utf-8").split("## A model of another library")[1]
    first, second = (part.split("```")[0] for part in section.split("```python\n")[1:3])
    network = torch.nn.Module()
    network.encoder = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 32))
    network.decoder = torch.nn.Sequential(
        torch.nn.Linear(16, 784), torch.nn.Sigmoid(), torch.nn.Unflatten(1, (1, 28, 28))
    )
    torch.save(network, tmp_path / "network.pt")
    monkeypatch.chdir(tmp_path)
    plugin = Plugin(name=str(tmp_path / "mine.py"), text=first + second)
    external.load(plugin, "vae")
    unit = External(dataset="digits", model="mine", seed=0, file=plugin.sha256[:12], source="vae")
    result = external.run(unit, few(), ("basic",)).result
    check(result, 16)
    assert result.measures["test_kl"] > 0 and result.measures["test_elbo"] < 0
