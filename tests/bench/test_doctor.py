"""`bench doctor`: what works here, and what to do about the rest."""

from tests.conftest import BACKEND


def test_doctor_names_what_is_left_of_a_download_that_was_broken_off(bench, tmp_path):
    archives = {
        "mnist.npz": b"PK\x03\x04 the beginning of a zip",
        "fashion-mnist/train-images-idx3-ubyte.gz": b"",
    }
    for name, content in archives.items():
        path = tmp_path / "keras" / "datasets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    process = bench("doctor", cwd=tmp_path, KERAS_HOME=str(tmp_path / "keras"))
    for set_name, file in zip(("mnist", "fashion_mnist"), archives, strict=True):
        line = next(text for text in process.stdout.splitlines() if text.startswith(f"data set {set_name}:"))
        assert line.startswith(f"data set {set_name}: damaged; delete {file.rsplit('/')[-1]} in ")


def test_doctor_says_which_backends_work(bench, tmp_path):
    process = bench("doctor", cwd=tmp_path)
    assert process.returncode == 0
    assert f"backend {BACKEND}: works" in process.stdout
    assert "data set digits: here" in process.stdout
