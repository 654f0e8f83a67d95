"""Loads an exported decoder, runs it on the codes beside it, and compares with the images beside it."""
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

folder = sys.argv[1]
signature = tf.saved_model.load(os.path.join(folder, "decoder")).signatures["serving_default"]
print("inputs", signature.structured_input_signature[1], "outputs", signature.structured_outputs)
worst = 0.0
for batch in (1, 7):
    codes = np.fromfile(os.path.join(folder, f"codes-{batch}"), "float32").reshape(batch, 2)
    images = np.fromfile(os.path.join(folder, f"images-{batch}"), "float32").reshape(batch, 28, 28, 1)
    theirs = signature(code=tf.constant(codes))["image"].numpy()
    assert theirs.shape == images.shape, (theirs.shape, images.shape)
    worst = max(worst, float(np.abs(theirs - images).max()))
print(f"largest difference {worst:.1e} (at most 1e-4), standard deviation of the images {images.std():.3f}")
sys.exit(worst > 1e-4)
