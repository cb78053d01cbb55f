"""The command line: prepare, train, evaluate, export, embed, and the same for texts behind text."""

import argparse
import dataclasses
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import List

import numpy as np
import pandas as pd

from . import __version__
from .dataset.features import read_features
from .dataset.folder import open_folder, prepare_folder
from .dataset.split import in_training
from .learning.settings import IMBALANCE, TrainingSettings
from .networks.sequence_model import ENCODERS, ModelSettings
from .serving.precision import PRECISIONS
from .text.commands import add_text_commands

_SHAPE_OPTIONS = ("encoder", "width", "hidden", "window", "embedding", "bins", "members", "product_dropout", "category_dropout")


def main(arguments: List[str] = None) -> int:
    """Returns the exit code: 0 on success, 1 on failure with one line on standard error, 2 on wrong usage."""
    options = _parser().parse_args(arguments)
    options.command_line = "python3 -m segmentation_training " + " ".join(arguments if arguments is not None else sys.argv[1:])
    try:
        options.run_command(options)
        return 0
    except (OSError, ValueError, RuntimeError) as e:
        print(f"segmentation_training: {e}", file=sys.stderr)
        return 1


def _prepare(options) -> None:
    folder = prepare_folder(
        options.run, options.data, options.out, options.cutoff, options.horizon, options.step, options.times, options.name or Path(options.data).name,
        options.licence)
    print(f"{folder.path}: events and {len(folder.as_of)} feature tables from {folder.as_of[0]} to {folder.as_of[-1]}")


def _train(options) -> None:
    from .learning.training import load, save, train
    start = load(options.start_from).network if options.start_from else None
    shares = [float(s) for s in options.shares.split(",")] if options.shares else None
    model = train([open_folder(p) for p in options.folder], _shape(options), _settings(options), _say, shares, start)
    save(model, options.out)
    print(f"{options.out}: {options.encoder}, state {model.network.state_size}, heads {', '.join(h.name for h in model.network.settings.heads)}")


def _evaluate(options) -> None:
    from .evaluation.comparison import compare, details, table, to_json
    from .learning.baselines import BASELINES
    from .learning.training import load
    models = options.models.split(",") if options.models else [*BASELINES, *ENCODERS]
    unknown = [m for m in models if m not in BASELINES and m not in ENCODERS]
    if unknown:
        raise ValueError(f"no model is called {unknown[0]}: {', '.join([*BASELINES, *ENCODERS])}")
    trained = load(options.model) if options.model else None
    results = compare(open_folder(options.folder), _shape(options), _settings(options), models, _say, trained)
    text = table(results) + "\n" + details(results)
    if options.out:
        Path(options.out).write_text(text, encoding="utf-8")
        Path(options.out).with_suffix(".json").write_text(to_json(results), encoding="utf-8")
    print(table(results))


def _export(options) -> None:
    from .evaluation.serving_check import check_graph, judged_metrics
    from .learning.training import load
    from .serving.manifest import write_model
    model = load(options.model)
    metrics = judged_metrics(model, open_folder(options.evaluate_on)) if options.evaluate_on else {}
    version = options.version or datetime.now(timezone.utc).strftime("%Y-%m-%d.1")
    path = write_model(model, options.out, options.name, version, options.precision, metrics, options.made_by)
    print(f"{path}: {path.stat().st_size / 1024:.0f} KiB, {options.precision}")
    if options.check:
        for line in check_graph(model, str(path), options.evaluate_on):
            print(line)


def _embed(options) -> None:
    import torch
    from .learning.batches import embed_all
    from .learning.heads import predict
    from .learning.samples import load_test
    from .learning.training import load
    model, folder = load(options.model), open_folder(options.folder)
    network = model.network
    samples, _, _ = load_test(folder, model.training, network.settings.heads, keep=lambda c: True, before_ms=folder.cutoff_ms)
    cpu = torch.device("cpu")
    probabilities = np.hstack(predict(network, samples, cpu))
    if options.out_of_fold:
        training = np.array([in_training(c) for c in samples.customers])
        probabilities[training] = np.hstack(predict(network, samples, cpu, out_of_fold=True))[training]
    features = read_features(folder.features_file(folder.as_of[-1])).loc[samples.customers]
    names = [f"{h.name}_{c}" for h in network.settings.heads for c in h.classes]
    parts = {
        "features": features,
        "embedding": pd.DataFrame(embed_all(network, samples.sequences, cpu).numpy(), samples.customers).add_prefix("embedding_"),
        "probabilities": pd.DataFrame(probabilities, samples.customers, names)}
    chosen = options.columns.split(",")
    known = list(features.columns)
    unknown = [c for c in chosen if c not in parts and c not in known and c not in names]
    if unknown:
        raise ValueError(f"no column or part is called {unknown[0]}: {', '.join([*parts, 'a feature', 'a probability'])}")
    joined = pd.concat([parts[c] if c in parts else features[[c]] if c in known else parts["probabilities"][[c]] for c in chosen], axis=1)
    joined.index.name = "customer_id"
    joined.to_csv(options.out)
    print(f"{options.out}: {len(joined)} customers, {joined.shape[1]} columns, as of {folder.cutoff}")


def _shape(options) -> ModelSettings:
    return ModelSettings(**{name: getattr(options, name) for name in _SHAPE_OPTIONS})


def _settings(options) -> TrainingSettings:
    return TrainingSettings(**{f.name: getattr(options, f.name) for f in dataclasses.fields(TrainingSettings)})


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m segmentation_training", description="Trains what CustomerSegmentation serves.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    prepare = commands.add_parser("prepare", help="exports events and features at several times from a shop's data folder")
    prepare.add_argument("--run", default=str(Path(__file__).resolve().parents[3] / "run"), help="the project's run")
    prepare.add_argument("--data", required=True, help="the shop's data folder")
    prepare.add_argument("--out", required=True, help="the training folder to write")
    prepare.add_argument("--cutoff", required=True, help="date; training sees nothing at or after it; best one horizon before the last event")
    prepare.add_argument("--horizon", type=int, default=90, help="days that the heads foresee [90]")
    prepare.add_argument("--step", type=int, default=7, help="days between feature tables [7]")
    prepare.add_argument("--times", type=int, default=25, help="feature tables, the last at the cut-off [25]")
    prepare.add_argument("--name", help="name of the data in the manifest [the data folder's]")
    prepare.add_argument("--licence", default="own data", help="licence of the data in the manifest")
    prepare.set_defaults(run_command=_prepare)

    train = commands.add_parser("train", help="trains an encoder and its heads", formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    train.add_argument("folder", nargs="+", help="training folders; several shops share one model without a category head")
    train.add_argument("--shares", help="how much each folder counts in the heads, such as 4,1; all the same when left out")
    train.add_argument("--start-from", help="a checkpoint whose encoder is the beginning; of the same encoder, width, hidden and embedding")
    train.add_argument("--out", default="model.pt", help="the checkpoint to write")
    _add_settings(train)
    train.set_defaults(run_command=_train)

    evaluate = commands.add_parser(
        "evaluate", help="trains all models on the same split and compares them", formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    evaluate.add_argument("folder", help="a training folder")
    evaluate.add_argument("--models", help="comma-separated; all when left out")
    evaluate.add_argument("--model", help="a checkpoint to judge as well")
    evaluate.add_argument("--out", help="a Markdown file; the numbers go to a .json beside it")
    _add_settings(evaluate)
    evaluate.set_defaults(run_command=_evaluate)

    export = commands.add_parser("export", help="writes NAME.onnx and NAME.json")
    export.add_argument("model", help="a checkpoint of train")
    export.add_argument("--out", default=".", help="folder [.]")
    export.add_argument("--name", default="default")
    export.add_argument("--version", help="[today's date.1]")
    export.add_argument("--precision", choices=PRECISIONS, default="float32")
    export.add_argument("--evaluate-on", metavar="FOLDER", help="a training folder whose test customers give the manifest's metrics")
    export.add_argument("--made-by", default="", help="the command that trained the model, for the manifest")
    export.add_argument("--check", action="store_true", help="run the graph in ONNX Runtime and compare it with the network")
    export.set_defaults(run_command=_export)

    embed = commands.add_parser("embed", help="writes a table: what the model says of everybody at the cut-off")
    embed.add_argument("model", help="a checkpoint of train")
    embed.add_argument("folder", help="a training folder")
    embed.add_argument("--out", required=True, help="CSV file")
    embed.add_argument("--columns", default="features,embedding,probabilities", help="parts, or names of features and probabilities [all three parts]")
    embed.add_argument("--out-of-fold", action="store_true", help="judge training customers by the member of the heads that did not see them")
    embed.set_defaults(run_command=_embed)
    add_text_commands(commands, _say)
    return parser


def _add_settings(parser: argparse.ArgumentParser) -> None:
    shape = ModelSettings()
    for name in _SHAPE_OPTIONS:
        default = getattr(shape, name)
        parser.add_argument(
            f"--{name.replace('_', '-')}", type=type(default), default=default, choices=ENCODERS if name == "encoder" else None, help="of the network")
    for f in dataclasses.fields(TrainingSettings):
        parser.add_argument(
            f"--{f.name.replace('_', '-')}", type=f.type if isinstance(f.type, type) else str, default=f.default,
            choices=IMBALANCE if f.name == "imbalance" else None, help="of the training")
