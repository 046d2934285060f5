"""The command line; nothing heavy is imported before a command needs it."""

import argparse
import os
import pathlib
import sys
from collections.abc import Iterable, Sequence

from bench import data_options, errors, foreign, usage
from bench.options import parser

EXIT_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; a user's mistake ends in one line."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    fresh = False
    try:
        options = _parsed(arguments)
        fresh = getattr(options, "fresh", False)
        code = _COMMANDS[options.command](options, arguments)
        sys.stdout.flush()
        return code
    except errors.BenchError as error:
        line = errors.with_hint(f"bench: error: {error}", fresh=fresh)
        print(foreign.shortened(foreign.visible(line)), file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        told = (
            "bench: interrupted; finished trials are kept: the same command goes on, "
            "and `python -m bench report FOLDER` shows what there is"
        )
        print(errors.with_hint(told, fresh=fresh), file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:  # `bench list | head`: nobody reads on, which is no mistake
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    usage.check_command(arguments, tuple(_COMMANDS))
    whole = parser()
    options, left = whole.parse_known_args(arguments)
    if left:
        usage.refuse(left, options.command, whole.options_of(options.command))
    usage.check_values(options)
    return options


def _run(options: argparse.Namespace, arguments: Sequence[str]) -> int:
    from bench.running import plan

    planned = plan.make(options)
    if options.dry_run:
        from bench.running import dry_run

        _print(dry_run.lines(planned))
        return 0
    from bench.running import runner

    return runner.run(planned, arguments)


def _measure(options: argparse.Namespace, arguments: Sequence[str]) -> int:
    from bench.running import measuring

    planned = measuring.make(options)
    from bench.running import runner

    return runner.run(planned, arguments)


def _report(options: argparse.Namespace, arguments: Sequence[str]) -> int:
    from bench.keeping import known_runs
    from bench.keeping.store import RunFolder
    from bench.running import progress, publication

    folder = pathlib.Path(os.path.expanduser(options.templates)) if options.templates else None
    if folder and not os.path.isdir(folder):  # which answers where pathlib raises: a name too long
        raise errors.UsageError(f"--templates: expected a folder, got {options.templates!r}")
    run = known_runs.find(options.run)
    lacking: list[str] = []  # parts that could not be made
    told: list[str] = []  # the report in a few lines
    if options.publish is None:
        path = publication.publish(run, folder, lacking.append, told.append)
    else:
        path = publication.publish_to(RunFolder(options.publish), run, folder, lacking.append, told.append)
    # A script takes the last line for the path.
    _print([*told, str(path), progress.address(path)] if sys.stdout.isatty() else [*told, str(path)])
    for line in lacking:
        progress.tell(line)
    if options.open:
        progress.open_page(path)
    return 1 if lacking else 0


def _table(options: argparse.Namespace, arguments: Sequence[str]) -> int:
    from bench.running import one_table

    _print(one_table.text(options.run, options.name, options.format).split("\n"))
    return 0


def _export(options: argparse.Namespace, arguments: Sequence[str]) -> int:
    from bench.running import export, progress

    path = export.run(
        options.run,
        options.which,
        options.to,
        options.format,
        options.license,
        options.plugin,
        lambda line: progress.warn(line, quiet=False),
    )
    _print([str(path)])
    return 0


def _merge(options: argparse.Namespace, arguments: Sequence[str]) -> int:
    from bench.running import merge, progress, publication

    joined = merge.run(options.runs, options.output, lambda line: progress.warn(line, quiet=False))
    lacking: list[str] = []
    path = publication.publish(joined, say=lacking.append)
    _print([str(path)])
    for line in lacking:
        progress.tell(line)
    return 1 if lacking else 0


def _compare(options: argparse.Namespace, arguments: Sequence[str]) -> int:
    from bench import compare

    return compare.run(options.before, options.after, options.format, options.threshold)


def _list(options: argparse.Namespace, arguments: Sequence[str]) -> int:
    from bench.running import listing

    _print(listing.lines(options.what))
    return 0


def _data(options: argparse.Namespace, arguments: Sequence[str]) -> int:
    from bench import datasets
    from bench.running import look, plan

    if options.clear:
        return look.clear(lambda line: _print([line]))
    if options.dataset is None:
        raise errors.UsageError("data: expected a data set, or --clear, received neither; see data --help")
    name = datasets.joined(options.dataset, {key: getattr(options, key) for key in datasets.SWITCHES})
    asked = parser().parse_args(data_options.as_run(options, name))
    return look.run(lambda: plan.make(asked), name, options.picture, lambda line: _print([line]))


def _check(options: argparse.Namespace, arguments: Sequence[str]) -> int:
    from bench.running import check

    return check.run(options.file, options.backend, lambda line: print(foreign.visible(line), flush=True))


def _doctor(options: argparse.Namespace, arguments: Sequence[str]) -> int:
    from bench.machine import doctor

    return doctor.run()


def _print(lines: Iterable[str]) -> None:
    """Lines that hold names of a user, where a line break in a name begins no other line."""
    print("\n".join(map(foreign.visible, lines)))


_COMMANDS = {
    "run": _run,
    "measure": _measure,
    "report": _report,
    "table": _table,
    "export": _export,
    "merge": _merge,
    "compare": _compare,
    "list": _list,
    "check": _check,
    "data": _data,
    "doctor": _doctor,
}
