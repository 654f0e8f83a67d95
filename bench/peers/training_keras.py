"""The three training workloads in Keras on TensorFlow, graph mode: reads a workload's name a line, prints milliseconds per step."""
import os
import sys
import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers

tf.config.threading.set_intra_op_parallelism_threads(int(os.environ["DARKROOM_THREADS"]))
BATCH = 128


def mlp():
    widths = [(256, "relu"), (64, "relu"), (32, None), (64, "relu"), (256, "relu"), (784, "sigmoid")]
    return keras.Sequential([layers.Input((784,))] + [layers.Dense(w, activation=a) for w, a in widths])


def conv_autoencoder():
    return keras.Sequential([
        layers.Input((28, 28, 1)),
        layers.Conv2D(32, 3, 2, "same", activation="relu"), layers.Conv2D(64, 3, 2, "same", activation="relu"),
        layers.Flatten(), layers.Dense(16, "relu"), layers.Dense(2), layers.Dense(3136, "relu"), layers.Reshape((7, 7, 64)),
        layers.Conv2DTranspose(64, 3, 2, "same", activation="relu"), layers.Conv2DTranspose(32, 3, 2, "same", activation="relu"),
        layers.Conv2D(1, 3, 1, "same", activation="sigmoid"),
    ])


def denoising_stack():
    hidden = [layers.Conv2D(48, 3, padding="same", activation="relu") for _ in range(7)]
    return keras.Sequential([layers.Input((48, 48, 1))] + hidden + [layers.Conv2D(1, 3, padding="same")])


def trainer(model, images):
    """A plain `tf.function` step, without the bookkeeping of `fit`: the faster of the two ways, so the fairer."""
    optimiser = keras.optimizers.Adam(1e-3)
    optimiser.build(model.trainable_variables)
    x = tf.constant(images)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(model(x, training=True) - x))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimiser.apply_gradients(zip(gradients, model.trainable_variables))
        return loss

    for _ in range(5):
        step().numpy()
    return lambda: step().numpy()


def random(*shape):
    return np.random.rand(*shape).astype("float32")


WORKLOADS = {
    "mlp": (40, lambda: trainer(mlp(), random(BATCH, 784))),
    "conv-autoencoder": (10, lambda: trainer(conv_autoencoder(), random(BATCH, 28, 28, 1))),
    "denoiser": (4, lambda: trainer(denoising_stack(), random(16, 48, 48, 1))),
}
ready = {}
for line in sys.stdin:
    name = line.strip()
    repetitions, make = WORKLOADS[name]
    if name not in ready:
        ready[name] = make()
    begun = time.perf_counter()
    for _ in range(repetitions):
        ready[name]()
    print((time.perf_counter() - begun) * 1000 / repetitions, flush=True)
