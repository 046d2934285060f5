"""Every option of the command line, and its help; nothing heavy is imported."""

import argparse

from bench import __version__, data_options, usage
from bench.ask import baseline_cards, grouping
from bench.measures import TASKS

EPILOG = """\
exit codes: 0 all trials ok; 1 some failed, or the report lacks a part; 2 wrong usage, grid or data;
3 nothing could run; 4 compare found that something got worse, or fails now; 130 interrupted, finished
trials kept
"""

LISTED = (
    "grids",
    "published",
    "models",
    "architectures",
    "baselines",
    "measures",
    "settings",
    "datasets",
    "runs",
)


def parser() -> usage.Parser:
    """The parser of the whole command line."""
    whole = usage.Parser(
        prog="python -m bench",
        description="Which autoencoder, with which settings, for these images, and how sure are we?",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument("--version", action="version", version=f"autoencoder-bench {__version__}")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_run(commands.add_parser("run", help="train and measure a grid, and write its report"))
    data_options.add_measure(commands.add_parser("measure", help="measure a coder that was made elsewhere"))
    report = commands.add_parser("report", help="render the report of a run again, without Keras")
    report.add_argument("run", metavar="RUN", help="a run folder, or its name in reports/")
    report.add_argument(
        "--templates", metavar="FOLDER", help="templates of your own, in place of those of the same name"
    )
    report.add_argument(
        "--publish",
        metavar="FOLDER",
        help="write a small copy of the run there, to be read: report, tables, and the trials as one file",
    )
    report.add_argument("--open", action="store_true", help="open the report in a browser")
    one = commands.add_parser("table", help="print one table of a report: LaTeX, Markdown or CSV")
    one.add_argument("run", metavar="RUN", help="a run folder, or its name in reports/")
    one.add_argument(
        "name",
        nargs="?",
        metavar="NAME",
        help="as leaderboard; without it all are listed",
    )
    one.add_argument(
        "--format",
        type=usage.one_of("latex", "markdown", "csv"),
        metavar="{latex,markdown,csv}",
        default="latex",
        help="(default: latex, with booktabs and siunitx)",
    )
    _add_export(
        commands.add_parser("export", help="a trained model as files that need nothing of this program")
    )
    _add_compare(commands.add_parser("compare", help="what changed from one run to another, and is it real"))
    merging = commands.add_parser("merge", help="runs of several machines as one")
    merging.add_argument("runs", nargs="+", metavar="RUN", help="run folders, or their names in reports/")
    merging.add_argument("--output", required=True, metavar="FOLDER", help="the run folder to make")
    data_options.add_look(commands.add_parser("data", help=data_options.HELP))
    listing = commands.add_parser(
        "list",
        help="show grids, published numbers, models, architectures, baselines, measures, settings, data sets "
        "and runs",
    )
    listing.add_argument(
        "what",
        nargs="?",
        type=usage.one_of(*LISTED),
        metavar=f"{{{','.join(LISTED)}}}",
        help="only these",
    )
    checking = commands.add_parser("check", help="whether a plug-in of your own keeps to the contract")
    checking.add_argument("file", metavar="FILE", help="a plug-in, as of run --plugin")
    checking.add_argument("--backend", metavar="NAME", help="(default: KERAS_BACKEND, else torch)")
    commands.add_parser("doctor", help="what works on this machine, and what to do about the rest")
    return whole


def _add_export(export: argparse.ArgumentParser) -> None:
    export.description = (
        "Write encoder, decoder and, of a model with a prior, sampler of a trained model into a new folder, "
        "with a model card, checksums and a short script for each format. Each file is loaded again "
        "and compared with the model."
    )
    add = export.add_argument
    add("run", metavar="RUN", help="a run folder, or its name in reports/")
    add(
        "which",
        nargs="?",
        default="best",
        metavar="WHICH",
        help='the model, as "best vae dense", "vae, latent 8", or the key of a trial (default: best)',
    )
    add("--to", required=True, metavar="FOLDER", help="a folder that is new or empty")
    add(
        "--format",
        metavar="A,B",
        help="keras, onnx, torch (default: all whose libraries are installed)",
    )
    add("--license", default="unknown", metavar="ID", help="for the card: mit, cc-by-4.0 (default: unknown)")
    add(
        "--plugin",
        action="append",
        default=[],
        metavar="FILE",
        help="the file of the model, if it is of a plug-in",
    )


def _add_compare(compare: argparse.ArgumentParser) -> None:
    compare.description = (
        "Hold the configurations that two runs have in common against each other, over their seeds. "
        "Needs run.json and results.csv of each, and features/ for Frechet distances. Better and worse are "
        "told after Holm; what is not told apart is consistent where the mean of the second run lies in the "
        "95 percent prediction interval that two or more seeds of the first give for it."
    )
    for name, which in (("before", "the one to compare with"), ("after", "the one that may have changed")):
        compare.add_argument(name, metavar=f"RUN_{'A' if name == 'before' else 'B'}", help=which)
    compare.add_argument(
        "--format",
        type=usage.one_of("text", "markdown", "json", "html"),
        metavar="{text,markdown,json,html}",
        default="text",
        help="(default: text)",
    )
    compare.add_argument(
        "--threshold",
        default="0",
        metavar="SHARE",
        help="exit with 4 if something got worse by more than this share of what it was (default: 0)",
    )


def _add_run(run: argparse.ArgumentParser) -> None:
    run.description = (
        "Train and measure the trials of a grid, and write a report. "
        "The same command again goes on where it was."
    )
    add = run.add_argument
    add(
        "--grid",
        metavar="GRID",
        help="quick, base, full, published/svae, or a .toml file (default: quick)",
    )
    add("--dataset", metavar="DATA", help="a name, a file of arrays or a folder, instead of the grid's")
    data_options.add_reading(run)
    add(
        "--backend",
        metavar="A,B",
        help="torch, jax, tensorflow or several (default: KERAS_BACKEND, else torch)",
    )
    add("--epochs", metavar="N", help="instead of the grid's")
    add("--batch-size", metavar="N", help="instead of the grid's")
    add("--seeds", metavar="A,B", help="instead of the grid's, as 0,1,2")
    add(
        "--only",
        action="append",
        default=[],
        metavar="AXIS=A,B",
        help="run what has one of these values; can be repeated",
    )
    add(
        "--set",
        action="append",
        default=[],
        metavar="AXIS=A,B",
        help="these values in every block; can be repeated. What has no column in results.csv: options of a "
        "model (list models), and of all precision, binarize, schedule, patience, keep, train_on, "
        "snapshots, optimizer_options, output_bias, bound_samples and bound_images (list settings)",
    )
    add(
        "--plugin",
        action="append",
        default=[],
        metavar="FILE",
        help="a Python file with models, measures, data sets or views of your own; it is run",
    )
    add("--workers", metavar="N", help="worker processes (default: one a core or GPU; 0: this process alone)")
    add(
        "--scheduler",
        metavar="ADDRESS",
        help="run on a Dask cluster that is there, as tcp://127.0.0.1:8786; "
        "it and whoever can reach it are trusted: they can run code here, and this program there",
    )
    add(
        "--timeout",
        metavar="SECONDS",
        help="end a trial that takes longer (default: 10 times its estimate, at least 1 h)",
    )
    add(
        "--checkpoint",
        metavar="MINUTES",
        help="keep how far the training of a trial has come, at the end of an epoch and at most this often, "
        "so that it goes on from there if its process is ended (default: 5; off: never)",
    )
    add(
        "--measures",
        metavar="A,B",
        help=f"groups of {', '.join(TASKS)} (default: the grid's, else {','.join(grouping.default())})",
    )
    add(
        "--baselines",
        metavar="A,B",
        help="which to measure beside the trials (list baselines), or all (default: the grid's, else "
        f"{','.join(baseline_cards.DEFAULT)})",
    )
    add("--outside", metavar="DATA", help="for robustness: another data set, to be told apart from this one")
    add("--features", metavar="RUN", help="compare images in the features of that run's classifier")
    add(
        "--save-models",
        type=usage.one_of("best", "all", "none"),
        metavar="{best,all,none}",
        help="which trained models to keep (default: as in the run before, "
        "first the best of each model and architecture)",
    )
    add(
        "--output",
        metavar="FOLDER",
        help="the run folder (default: reports/<grid>-<dataset>, then -<backend> if not torch)",
    )
    add(
        "--track",
        metavar="A,B",
        help="tell mlflow, tensorboard or both of each trial that has ended (where MLFLOW_TRACKING_URI says, "
        "else in the run folder: mlruns/, tensorboard/)",
    )
    add("--retry-failed", action="store_true", help="run the failed trials again")
    add("--fresh", action="store_true", help="remove what an earlier run left in the folder, first")
    add("--dry-run", action="store_true", help="list the trials and how long they may take")
    add("--quiet", action="store_true", help="no progress, only the result")
    add("--open", action="store_true", help="open the report in a browser when it is there")
