"""Options of the command line that say how data are read, and the command that only looks at them."""

import argparse

HELP = "what a data set is taken for, and whether a run would start"


def add_reading(command: argparse.ArgumentParser) -> None:
    """Add what is asked where data do not say it themselves: `bench.datasets.SWITCHES`."""
    add = command.add_argument_group("how data are read, if asked").add_argument
    add("--channels", choices=("first", "last"), help="where arrays have their channels")
    add("--range", metavar="LOW,HIGH", help="which values are black and white, as 0,16")
    add("--shape", metavar="HxW", help="of images that are rows of values, as 28x20 or 32x32x3")
    add("--resize", metavar="SIDE", help="bring all images to SIDE x SIDE, or to HEIGHTxWIDTH")
    add(
        "--crop",
        action="store_const",
        const="middle",
        help="cut their middle to the proportions of --resize first",
    )
    add("--colours", choices=("grey", "rgb"), help="bring all pictures of a folder to these")
    add("--background", choices=("white", "black"), help="what transparent pictures lie on")
    add("--images", metavar="NAME", help="the array of images, in a file that has several")
    add("--labels", metavar="NAME", help="the array or column of labels, in a file that has several")


def add_look(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `data`."""
    command.description = (
        "Load a data set and say what it is taken for, what a run on it would take, and what is odd in it. "
        "Exit code 0 only where a run would start."
    )
    add = command.add_argument
    add("dataset", metavar="DATA", nargs="?", help="a name, a file of arrays or a folder")
    add("--clear", action="store_true", help="remove all that is kept of converted data sets, and end")
    add_reading(command)
    add("--grid", metavar="GRID", help="the run whose time is told (default: quick)")
    add("--plugin", action="append", default=[], metavar="FILE", help="a Python file that has it; it is run")
    add("--picture", metavar="FILE", help="where the contact sheet goes (default: data-<name>.png)")


def add_measure(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `measure`."""
    command.description = (
        "Measure a coder that was made elsewhere, beside the trials of a run: an object that encodes and "
        "decodes, or a function that returns one, called with seed where it has such a parameter. The file "
        "is run, on each worker. The same command again goes on where it was."
    )
    add = command.add_argument
    add("coder", metavar="FILE.py:NAME", help="a Python file, and the name in it; see bench.Given")
    add("--dataset", metavar="DATA", help="a name, a file of arrays or a folder (default: that of --into)")
    add("--into", metavar="RUN", help="a run of the same data, to whose report it is added")
    add("--output", metavar="FOLDER", help="a run folder of its own (default: reports/<name>-<dataset>)")
    add("--name", metavar="NAME", help="what it is called in tables (default: the name in the file)")
    add("--seeds", default="0", metavar="A,B", help="which the function is called with (default: 0)")
    add(
        "--set",
        action="append",
        default=[],
        metavar="AXIS=A",
        help="what is seen of the data: binarize, or a view",
    )
    add_reading(command)
    add("--plugin", action="append", default=[], metavar="FILE", help="as of run: data, views, measures")
    add(
        "--backend", metavar="NAME", help="that measures (default: that of --into, KERAS_BACKEND, else torch)"
    )
    add("--measures", metavar="A,B", help="groups of measures (default: those of --into, else as of run)")
    add("--outside", metavar="DATA", help="for robustness: another data set, to be told apart from this one")
    add("--workers", metavar="N", help="worker processes (default: one a core or GPU; 0: this process alone)")
    add("--scheduler", metavar="ADDRESS", help="run on a Dask cluster that is there, as of run")
    add("--timeout", metavar="SECONDS", help="end what takes longer (default: at least 1 h)")
    add("--retry-failed", action="store_true", help="measure again what failed")
    add("--quiet", action="store_true", help="no progress, only the result")
    add("--open", action="store_true", help="open the report in a browser when it is there")
    command.set_defaults(checkpoint="off")


def as_run(options: argparse.Namespace, name: str) -> list[str]:
    """Return the arguments of the run that `data` speaks of."""
    plugged = [f"--plugin={file}" for file in options.plugin]
    asked = [f"--grid={options.grid}"] if options.grid else []
    return ["run", f"--dataset={name}", *asked, "--quiet", *plugged]
