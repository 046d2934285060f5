"""Bytes and texts of somebody else."""

import os

import pytest

from bench import errors, foreign


def test_whatever_a_parser_raises_becomes_the_one_error_and_ours_stay():
    for error in (MemoryError(), RecursionError("deep"), NotImplementedError("x"), KeyError("a\nb")):
        with pytest.raises(errors.DataError, match=type(error).__name__), foreign.guarded(errors.DataError):
            raise error
    with pytest.raises(errors.GridError, match="mine"), foreign.guarded(errors.DataError):
        raise errors.GridError("mine")


def test_what_ends_the_program_is_not_taken_for_damage():
    with pytest.raises(KeyboardInterrupt), foreign.guarded(errors.DataError):
        raise KeyboardInterrupt


def test_a_regular_file_is_read_and_a_pipe_a_folder_and_a_large_file_are_refused_at_once(tmp_path):
    (tmp_path / "file").write_bytes(b"12345")
    os.mkfifo(tmp_path / "pipe")
    assert foreign.read_bytes(tmp_path / "file") == b"12345"
    for name in ("pipe", "."):
        with pytest.raises(OSError, match="regular file"):
            foreign.read_bytes(tmp_path / name)
    with pytest.raises(OSError, match="5 bytes, more than 4"):
        foreign.read_bytes(tmp_path / "file", most=4)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, grüße 日本 😀 a\u200cb", "plain, grüße 日本 😀 a\u200cb"),
        ("\x1b]0;x\x07", "\\x1b]0;x\\x07"),
        (os.fsdecode(b"caf\xe9"), "caf\\xe9"),
        ("a\nb\r\t", "a\\x0ab\\x0d\\x09"),
        ("\u202egnp", "\\u202egnp"),
        ("\ud800", "\\ud800"),
    ],
)
def test_what_acts_on_a_terminal_or_is_no_character_is_written_out(text, shown):
    assert foreign.visible(text) == shown
    foreign.visible(text).encode("utf-8")
