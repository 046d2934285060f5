"""What strangers put into files and names: each reader gives a data set, or one line that cannot act."""

import io
import os
import random
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from bench import datasets, errors
from bench.datasets.sources import archive, layout, pictures

INPUTS = 1000
Bytes = Callable[[random.Random], bytes]


def small() -> dict[str, np.ndarray]:
    """The smallest data set that is taken."""
    pixels = np.random.default_rng(0).integers(0, 256, (26, 4, 4), dtype=np.uint8)
    labels = np.arange(26) % 2
    return {"x_train": pixels[:20], "y_train": labels[:20], "x_test": pixels[20:], "y_test": labels[20:]}


def outcome(read: Callable[[], object]) -> str:
    """The message of a refusal, which is one short line of plain characters; empty if there is none."""
    try:
        read()
    except errors.DataError as error:
        message = str(error)
        assert message.isprintable(), message
        assert len(message) < 600, message
        return message
    return ""


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, taken out or put in."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 2, 4, 16, 64))):
        place = chance.randrange(len(changed) or 1)
        if (kind := chance.random()) < 0.7:
            changed[place : place + 1] = chance.randbytes(1)
        elif kind < 0.8:
            del changed[place : place + chance.randrange(1, 20)]
        else:
            changed[place:place] = chance.choice((b"\0\0\0\0", b"\xff\xff\xff\x7f", chance.randbytes(9)))
    return bytes(changed)


DTYPES = (
    "'|u1' '<i8' '|O' '<U0' '|V0' '<f4' '<c16' '<M8[ns]' '|b1' '<U100000000' 1 'float' [('a','<i4')]".split(
        " "
    )
)
SHAPES = (
    "(20,4,4) (20,) (1000000000000,) (10**12,) (((((( (-1,4) () (20,4,4 (True,) '\\d' (0,1000000000000000000)"
)
SHAPES = [*SHAPES.split(), "(" + "1," * 70 + ")"]


def with_other_headers(chance: random.Random) -> bytes:
    """A `.npz` file whole as an archive, with headers that say something else of the arrays."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", chance.choice((0, 8, 12, 14))) as content:
        for name, array in small().items():
            dtype = chance.choice((repr(array.dtype.str), chance.choice(DTYPES)))
            shape = chance.choice((str(array.shape), chance.choice(SHAPES)))
            order = chance.choice(("False", "True", "0"))
            header = f"{{'descr': {dtype}, 'fortran_order': {order}, 'shape': {shape}, }}\n".encode()
            version, length = chance.choice(((1, 2), (1, 2), (2, 4), (9, 4)))
            start = b"\x93NUMPY" + bytes((version, 0)) + len(header).to_bytes(length, "little")
            content.writestr(f"{name}.npy", start + header + array.tobytes())
    return written.getvalue()


@pytest.mark.filterwarnings("error")
def test_a_thousand_damaged_npz_files_end_in_a_data_set_or_a_line(tmp_path: Path) -> None:
    chance, file = random.Random(21), tmp_path / "toys.npz"
    written = io.BytesIO()
    np.savez_compressed(written, **small())
    for number in range(INPUTS):
        content = written.getvalue() if number % 3 == 0 else with_other_headers(chance)
        file.write_bytes(mutated(content, chance) if number % 3 < 2 else content)
        outcome(lambda: datasets.load(str(file)))
        if number % 4 == 0:
            outcome(lambda: datasets.outlook.__wrapped__(str(file)))


@pytest.mark.filterwarnings("error")
def test_a_thousand_damaged_pictures_end_in_pixels_or_a_line(tmp_path: Path) -> None:
    chance, file = random.Random(21), tmp_path / "odd.png"
    whole = []
    for kind in ("PNG", "JPEG", "BMP", "GIF", "WEBP"):
        written, exif = io.BytesIO(), PIL.Image.Exif()
        exif[0x0112] = 6
        PIL.Image.fromarray(small()["x_train"][0]).convert("RGB").save(written, kind, exif=exif)
        whole.append(written.getvalue())
    for _ in range(INPUTS):
        file.write_bytes(mutated(chance.choice(whole), chance))
        outcome(lambda: pictures.read(file))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The smallest folder of images that is taken."""
    root = tmp_path / "toys"
    for part in ("train", "test"):
        for position, label in enumerate(small()[f"y_{part}"]):
            file = root / part / "ab"[label] / f"{position:02}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            PIL.Image.fromarray(small()[f"x_{part}"][position]).save(file)
    return root


@pytest.mark.parametrize("part", ["train/a", "test/b"])
def test_a_pipe_or_a_device_among_images_is_refused_and_not_waited_for(folder: Path, part: str) -> None:
    os.mkfifo(folder / part / "odd.png")
    assert "'odd.png'" in outcome(lambda: datasets.load(str(folder)))
    (folder / part / "odd.png").unlink()
    (folder / part / "odd.png").symlink_to("/dev/zero")
    assert "'odd.png'" in outcome(lambda: datasets.outlook(str(folder)))


def test_a_pipe_or_a_device_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.npz")
    (tmp_path / "zero.npz").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.png")
    for name in ("pipe.npz", "zero.npz"):
        assert "another kind" in outcome(lambda name=name: datasets.load(str(tmp_path / name)))
        with pytest.raises(errors.DataError, match="not a regular file"), archive.opened(tmp_path / name):
            pass
    assert "not a regular file" in outcome(lambda: pictures.read(tmp_path / "pipe.png"))


def test_bombs_are_refused_by_what_they_claim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_UNPACKED", 2**20)
    zeros = small() | {"x_train": np.zeros((2000, 32, 32), np.uint8), "y_train": np.arange(2000) % 2}
    np.savez_compressed(tmp_path / "bomb.npz", **zeros)
    assert "packed at most 200-fold" in outcome(lambda: datasets.load(str(tmp_path / "bomb.npz")))
    PIL.Image.new("1", (2**14, 2**13)).save(tmp_path / "bomb.png")
    assert "67,108,864 pixels at most" in outcome(lambda: pictures.read(tmp_path / "bomb.png"))


def test_a_header_that_claims_more_than_there_is_takes_no_memory(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "claims.npz", "w") as content:
        for name in small():
            header = b"{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000000, 4, 4), }\n"
            content.writestr(f"{name}.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)
    for function in (datasets.load, datasets.outlook):
        told = outcome(lambda function=function: function(str(tmp_path / "claims.npz")))
        assert "says shape (1000000000000, 4, 4) of uint8, and 0 bytes are there" in told


def test_transparency_is_refused_in_every_mode_where_a_pixel_has_it(tmp_path: Path) -> None:
    file, grey = tmp_path / "odd.png", PIL.Image.fromarray(small()["x_train"][0])
    value = grey.getpixel((0, 0))
    for mode, one in (("L", value), ("RGB", (value,) * 3), ("P", value), ("P", b"\xff" * value + b"\x80")):
        grey.convert(mode).save(file, transparency=one)
        assert f"Pillow mode '{mode}' with transparent pixels" in outcome(lambda: pictures.read(file))
    unused = next(number for number in range(256) if number not in small()["x_train"][0])
    grey.save(file, transparency=unused)
    np.testing.assert_array_equal(pictures.read(file).pixels, small()["x_train"][0])


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_an_animation_is_refused_and_a_single_frame_is_not(tmp_path: Path, kind: str) -> None:
    first, *others = (PIL.Image.fromarray(image).convert("RGB") for image in small()["x_train"][:3])
    file = tmp_path / "odd.png"
    first.save(file, kind, lossless=True)
    pixels = pictures.read(file).pixels  # a GIF has a palette, here a grey one
    np.testing.assert_array_equal(pixels if kind == "GIF" else pixels[..., 0], small()["x_train"][0])
    first.save(file, kind, save_all=True, append_images=others)
    assert f"an animated {kind}" in outcome(lambda: pictures.read(file))


def test_a_photograph_with_a_preview_behind_it_is_read(tmp_path: Path) -> None:
    first, second = (PIL.Image.fromarray(image).convert("RGB") for image in small()["x_train"][:2])
    first.save(tmp_path / "odd.jpg", "MPO", save_all=True, append_images=[second])
    assert pictures.read(tmp_path / "odd.jpg").pixels.shape == (4, 4, 3)


def test_a_damaged_tiff_writes_nothing_of_its_own(tmp_path: Path, capfd) -> None:
    chance, file = random.Random(3), tmp_path / "0.tif"
    PIL.Image.fromarray(small()["x_train"][0]).save(file, compression="tiff_lzw")
    whole = file.read_bytes()
    np.testing.assert_array_equal(pictures.read(file).pixels, small()["x_train"][0])
    file.write_bytes(whole[:9] + b"\xff" * 5 + whole[14:])
    assert "an image that Pillow can read" in outcome(lambda: pictures.read(file))
    for _ in range(INPUTS // 4):
        file.write_bytes(mutated(whole, chance))
        outcome(lambda: pictures.read(file))
    assert capfd.readouterr() == ("", "")


def test_another_programs_format_behind_png_is_not_opened(folder: Path) -> None:
    (folder / "train" / "a" / "odd.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 4 4\n")
    assert "none of PNG" in outcome(lambda: datasets.load(str(folder)))


HOSTILE = [b"caf\xe9", b"\x1b[31mred", b"two\nlines", "\u202eright".encode(), b"![x](http:evil.example)"]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_any_bytes_are_loaded_and_shown_so_that_they_cannot_act(folder: Path, name: bytes) -> None:
    for part in (b"train", b"test"):
        os.rename(
            os.path.join(os.fsencode(folder), part, b"a"), os.path.join(os.fsencode(folder), part, name)
        )
    moved = os.fsdecode(os.path.join(os.fsencode(folder.parent), name))
    os.rename(folder, moved)
    read = datasets.load(moved)
    assert read.class_names == datasets.outlook(moved).class_names
    assert all(text.isprintable() and text.encode() for text in (*read.class_names, read.name))
    assert [len(part.images) for part in (read.train, read.validation, read.test)] == [16, 4, 6]
    (Path(moved) / "train" / "b" / "odd\x1b.png").touch()
    assert "odd\\x1b.png" in outcome(lambda: datasets.load(moved))


def test_names_that_look_the_same_once_shown_stay_apart() -> None:
    assert layout.distinct(["cat", "caf\\xe9", "caf\\xe9", "cat (2)", "cat"]) == (
        "cat",
        "caf\\xe9",
        "caf\\xe9 (2)",
        "cat (2)",
        "cat (3)",
    )


def test_photographs_are_turned_as_exif_says_and_that_is_counted(folder: Path) -> None:
    expected = datasets.load(str(folder)).test.images
    for file in sorted((folder / "test").rglob("*.png"))[:2]:
        exif = PIL.Image.Exif()
        exif[0x0112] = 6
        PIL.Image.open(file).rotate(90).save(file, exif=exif)
    read = datasets.load(str(folder))
    np.testing.assert_array_equal(read.test.images, expected)
    assert "2 photographs turned as EXIF says" in str(datasets.outline(read))


def test_an_outlook_counts_as_loading_does_and_holds_no_images(tmp_path: Path, folder: Path) -> None:
    images = np.random.default_rng(0).integers(0, 256, (3001, 64, 64, 3), dtype=np.uint8)
    labels = np.arange(3001) % 7
    np.savez(tmp_path / "many.npz", x_train=images, y_train=labels, x_test=images[:50], y_test=labels[:50])
    del images
    tracemalloc.start()
    found = datasets.outlook(str(tmp_path / "many.npz"))
    size = datasets.train_size(str(tmp_path / "many.npz"))
    sha256 = datasets.sha256(str(tmp_path / "many.npz"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * 2**20  # the file has 36 million bytes, as float32 144
    read = datasets.load(str(tmp_path / "many.npz"))
    assert (found.images, found.image_shape) == (datasets.outline(read).images, (64, 64, 3))
    assert size == (len(read.train.images), 64 * 64 * 3)
    assert sha256 == read.sha256
    read = datasets.load(str(folder))
    assert datasets.outlook(str(folder)).images == datasets.outline(read).images
    assert datasets.sha256(str(folder)) == read.sha256
