"""Loads SavedModels and compares what they give with what was expected: at most 1e-4 apart."""
import json
import os
import pathlib
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

LARGEST = 1e-4
folder = pathlib.Path(sys.argv[1])
signatures = {}
failed = False
for case in json.loads((folder / "cases.json").read_text()):
    name, place = case["model"], pathlib.Path(case["place"])
    if name not in signatures:
        signatures[name] = tf.saved_model.load(str(folder / name)).signatures["serving_default"]
    inputs = {
        key: tf.constant(np.fromfile(place / key, np.float32).reshape(shape))
        for key, shape in case["shapes"].items()
    }
    given = signatures[name](**inputs)["images"].numpy().ravel()
    expected = np.fromfile(place / "expected", np.float32)
    difference = float(np.abs(given - expected).max())
    failed |= given.shape != expected.shape or difference > LARGEST
    print(f"{name}, {list(case['shapes'].values())[0]}: largest difference {difference:.2e}")
sys.exit(1 if failed else 0)
