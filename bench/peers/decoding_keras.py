"""Encoding and decoding with the bundled VAE's network in Keras, graph mode; requests as in `answering.py`."""
import os
import time

import numpy as np
import tensorflow as tf
from keras import Sequential, layers
from answering import serve

tf.config.threading.set_intra_op_parallelism_threads(int(os.environ["DARKROOM_THREADS"]))


def dense(*widths, last=None):
    hidden = [layers.Dense(units, "relu") for units in widths[1:-1]]
    return Sequential([layers.Input((widths[0],)), *hidden, layers.Dense(widths[-1], last)])


networks = {"encode": dense(784, 500, 500, 40), "decode": dense(20, 500, 500, 784, last="sigmoid")}
calls = {name: tf.function(lambda x, network=network: network(x, training=False)) for name, network in networks.items()}


def answer(request):
    """Numbers in, numbers out, as a program uses it; warmed up."""
    x = np.random.rand(request.rows, networks[request.do].input_shape[1]).astype("float32")
    call = calls[request.do]
    for _ in range(3):
        call(tf.constant(x)).numpy()
    begun = time.perf_counter()
    for _ in range(request.repetitions):
        call(tf.constant(x)).numpy()
    return (time.perf_counter() - begun) * 1000 / request.repetitions


serve(answer)
