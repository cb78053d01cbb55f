"""The commands `text train`, `text evaluate`, `text export`, `text embed` and `text manifest`."""

import argparse
import dataclasses
import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Callable, List

import numpy as np
import pandas as pd

from ..serving.precision import PRECISIONS
from .settings import IMBALANCE, TextShape, TextTraining
from .table import TextTable, read_table

_SHAPE = [f for f in dataclasses.fields(TextShape) if f.name != "heads"]
_TRAINING = dataclasses.fields(TextTraining)


def add_text_commands(commands, say: Callable[[str], None]) -> None:
    """Adds `text` with its own commands to the parser of the toolkit."""
    text = commands.add_parser("text", help="encoders of texts: reviews, support chats")
    inner = text.add_subparsers(required=True, metavar="COMMAND")
    defaults = argparse.ArgumentDefaultsHelpFormatter

    train = inner.add_parser("train", help="trains a text encoder on a table", formatter_class=defaults)
    _add_table(train)
    train.add_argument("--labels", type=_names, default=[], help="columns to learn from, comma-separated; numbers with more than two values are ordered")
    train.add_argument("--weights", type=_numbers, default=[], help="how much each label counts, such as 1,1,0.3; all the same when left out")
    train.add_argument("--out", default="text.pt", help="the checkpoint to write")
    train.add_argument("--name", help="name of the data in the manifest; the file's when left out")
    train.add_argument("--licence", default="own data", help="licence of the data in the manifest")
    _add_settings(train)
    train.set_defaults(run_command=lambda o: _train(o, say))

    evaluate = inner.add_parser(
        "evaluate", help="judges an encoder's embeddings on the test part beside base lines; without one, settings by cross-validation of the rest",
        formatter_class=defaults)
    _add_table(evaluate)
    evaluate.add_argument("--model", help="a checkpoint of text train")
    evaluate.add_argument("--labels", type=_names, default=[], help="columns to foretell; the checkpoint's when left out")
    evaluate.add_argument("--weights", type=_numbers, default=[], help="of the labels in cross-validation")
    evaluate.add_argument("--only-folds", type=_numbers, default=[], help="of the cross-validation, such as 0,1; all when left out")
    evaluate.add_argument("--groups", type=_names, default=[], help="columns by which people are told apart, such as an age")
    evaluate.add_argument("--bands", type=_numbers, default="34,44,54", help="upper ends of the bands of a numeric group")
    evaluate.add_argument("--out", help="a Markdown file; the numbers go to a .json beside it")
    _add_settings(evaluate)
    evaluate.set_defaults(run_command=lambda o: _evaluate(o, say))

    export = inner.add_parser("export", help="writes NAME.onnx, NAME.vocab.txt and NAME.json", formatter_class=defaults)
    export.add_argument("model", help="a checkpoint of text train")
    export.add_argument("--out", default=".", help="folder")
    export.add_argument("--name", default="text")
    export.add_argument("--version", help="today's date.1 when left out")
    export.add_argument("--precision", choices=PRECISIONS, default="float32")
    export.add_argument("--evaluate-on", metavar="TABLE", help="a table whose test rows give the manifest's metrics, and what a precision costs")
    export.add_argument("--encoding", default="utf-8", help="of that table")
    export.add_argument("--made-by", default="", help="the command that trained the model, for the manifest")
    export.add_argument("--check", action="store_true", help="run the graph in ONNX Runtime and compare it with the network")
    export.add_argument("--golden", metavar="FILE", help="a JSON list of objects with a text: each gets the network's embedding, for tests of the service")
    export.set_defaults(run_command=_export)

    embed = inner.add_parser("embed", help="writes a table of embeddings", formatter_class=defaults)
    embed.add_argument("model", help="a checkpoint of text train")
    _add_table(embed)
    embed.add_argument("--out", required=True, help="CSV file")
    embed.set_defaults(run_command=_embed)

    manifest = inner.add_parser("manifest", help="writes the manifest of a published encoder, such as a BERT in ONNX", formatter_class=defaults)
    manifest.add_argument("--graph", required=True, help="its ONNX file")
    manifest.add_argument("--vocabulary", required=True, help="its vocab.txt, in the same folder")
    manifest.add_argument("--name", required=True, help="of the model; the manifest is NAME.json")
    manifest.add_argument("--version", default="1")
    manifest.add_argument("--max-tokens", type=int, default=512, help="longest sequence that it was made for")
    manifest.add_argument("--cased", action="store_true", help="it reads upper case and accents")
    manifest.add_argument("--data", default="", help="name of what it was trained on")
    manifest.add_argument("--licence", default="", help="licence of model and data")
    manifest.add_argument("--check", action="store_true", help="run it in ONNX Runtime")
    manifest.set_defaults(run_command=_manifest)


def _train(options, say: Callable[[str], None]) -> None:
    from .training import save, train
    table = _table(options)
    data = {"name": options.name or Path(options.table).name, "licence": options.licence}
    model = train(table, options.texts, options.labels, options.weights, _shape(options), _training(options), data, say)
    save(model, options.out)
    print(f"{options.out}: {len(model.vocabulary)} word pieces, embedding {model.network.shape.embedding}, {model.validation.get('epochs', 0)} passes")


def _evaluate(options, say: Callable[[str], None]) -> None:
    from ..evaluation.comparison import details, table as printed, to_json
    from .comparison import compare
    from .training import load
    table = _table(options)
    if not options.model:
        _cross_validate(table, options, say)
        return
    model = load(options.model)
    labels = options.labels or model.data["labels"]
    if not labels:
        raise ValueError("--labels: the checkpoint was trained without; name what its embeddings shall foretell")
    results = compare(table, model.embed(table.texts), labels, options.groups, options.bands, options.seed, say)
    if options.out:
        Path(options.out).write_text(printed(results) + "\n" + details(results), encoding="utf-8")
        Path(options.out).with_suffix(".json").write_text(to_json(results), encoding="utf-8")
    print(printed(results))


def _cross_validate(table: TextTable, options, say: Callable[[str], None]) -> None:
    from ..dataset.split import fold
    from .comparison import logistic_auc
    from .training import cross_validate
    if not options.labels:
        raise ValueError("--labels: what the embeddings shall foretell")
    settings = _training(options)
    chosen = [int(k) for k in options.only_folds] or list(range(settings.folds))
    if settings.folds < 2 or not set(chosen) <= set(range(settings.folds)):
        raise ValueError(f"--only-folds: a cross-validation of {settings.folds} folds has no such; with --folds 5 they are 0 to 4")
    embeddings = cross_validate(table, options.labels, options.weights, _shape(options), settings, say, chosen)
    rows = table.part(~table.test)
    folds = np.array([fold(i, settings.folds) for i in rows.ids])
    heads = rows.heads(options.labels)
    truth = rows.labels(heads)
    print(f"AUC of logistic regression on embeddings of unseen rows, {len(chosen)} of {settings.folds} folds of the {len(rows)} training rows:")
    for i, head in enumerate(heads):
        known = truth[:, i] >= 0
        areas = [logistic_auc(e, truth[:, i], known & (folds != k), known & (folds == k)) for k, e in zip(chosen, embeddings)]
        print(f"{head.column}: {np.mean(areas):.4f} ({', '.join(f'{a:.4f}' for a in areas)})")


def _export(options) -> None:
    from .manifest import write_text_model
    from .serving_check import check_graph, judged_metrics
    from .training import load
    model = load(options.model)
    table = None
    if options.evaluate_on:
        table = read_table(options.evaluate_on, model.data["texts"], model.data["id"], options.encoding)
    metrics = judged_metrics(model, table, model.embed(table.texts)) if table else {}
    version = options.version or datetime.now(timezone.utc).strftime("%Y-%m-%d.1")
    path = write_text_model(model, options.out, options.name, version, options.precision, metrics, options.made_by)
    print(f"{path}: {path.stat().st_size / 1024:.0f} KiB, {options.precision}")
    if options.check:
        for line in check_graph(model, str(path), table):
            print(line)
    if options.golden:
        golden = json.loads(Path(options.golden).read_text(encoding="utf-8"))
        for entry, embedding in zip(golden, model.embed([e["text"] for e in golden])):
            entry["embedding"] = [round(float(v), 6) for v in embedding]
        lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in golden)
        Path(options.golden).write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def _embed(options) -> None:
    from .training import load
    model = load(options.model)
    options.texts = options.texts or model.data["texts"]
    table = _table(options)
    embeddings = pd.DataFrame(model.embed(table.texts), pd.Index(table.ids, name=table.id_column)).add_prefix("text_")
    embeddings.to_csv(options.out)
    print(f"{options.out}: {len(table)} rows, {embeddings.shape[1]} columns")


def _manifest(options) -> None:
    from .published import check_published, describe_published
    path = describe_published(
        options.graph, options.vocabulary, options.name, options.version, options.max_tokens, options.cased, options.data, options.licence)
    print(path)
    if options.check:
        for line in check_published(options.graph, options.vocabulary, options.max_tokens, options.cased):
            print(line)


def _table(options) -> TextTable:
    if not options.texts:
        raise ValueError("--texts: which columns hold the text")
    return read_table(options.table, options.texts, options.id, options.encoding)


def _shape(options) -> TextShape:
    return TextShape(**{f.name: getattr(options, f.name) for f in _SHAPE})


def _training(options) -> TextTraining:
    return TextTraining(**{f.name: getattr(options, f.name) for f in _TRAINING})


def _names(text: str) -> List[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _numbers(text: str) -> List[float]:
    return [float(number) for number in text.split(",")]


def _add_table(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("table", help="a CSV file with a header, gzipped or not")
    parser.add_argument("--texts", type=_names, default=[], help="columns that are the text, joined by a space, comma-separated")
    parser.add_argument("--id", default="", help="column that tells rows apart, and by whose hash the test part is chosen; the first when left out")
    parser.add_argument("--encoding", default="utf-8")


def _add_settings(parser: argparse.ArgumentParser) -> None:
    for f in [*_SHAPE, *_TRAINING]:
        parser.add_argument(
            f"--{f.name.replace('_', '-')}", type=f.type, default=f.default, choices=IMBALANCE if f.name == "imbalance" else None,
            help="of the network" if f in _SHAPE else "of the training")
