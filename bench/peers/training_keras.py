"""The training workloads in Keras on TensorFlow, graph mode; requests as in `answering.py`."""
import os
import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from answering import mlp_widths, serve

tf.config.threading.set_intra_op_parallelism_threads(int(os.environ["DARKROOM_THREADS"]))


def mlp(size):
    pixels = size.side**2
    hidden = [layers.Dense(units, activation=None if i == 2 else "relu") for i, units in enumerate(mlp_widths(size))]
    return keras.Sequential([layers.Input((pixels,)), *hidden, layers.Dense(pixels), layers.Activation("sigmoid", dtype="float32")])


def encoder(size):
    return [
        layers.Conv2D(round(32 * size.width), 3, 2, "same", activation="relu"),
        layers.Conv2D(round(64 * size.width), 3, 2, "same", activation="relu"),
        layers.Flatten(), layers.Dense(16, "relu"),
    ]


def decoder(size):
    small, second = size.side // 4, round(64 * size.width)
    return [
        layers.Dense(small * small * second, "relu"), layers.Reshape((small, small, second)),
        layers.Conv2DTranspose(second, 3, 2, "same", activation="relu"),
        layers.Conv2DTranspose(round(32 * size.width), 3, 2, "same", activation="relu"), layers.Conv2D(1, 3, 1, "same"),
    ]


def conv_autoencoder(size):
    last = layers.Activation("sigmoid", dtype="float32")
    return keras.Sequential([layers.Input((size.side, size.side, 1)), *encoder(size), layers.Dense(2), *decoder(size), last])


def conv_vae(size):
    image = layers.Input((size.side, size.side, 1))
    h = keras.Sequential(encoder(size))(image)
    code = layers.Input((2,))
    both = [layers.Activation("linear", dtype="float32")(layers.Dense(2)(h)) for _ in range(2)]
    return keras.Model(image, both), keras.Sequential([code, *decoder(size), layers.Activation("linear", dtype="float32")])


def denoising_stack(size):
    hidden = [layers.Conv2D(round(48 * size.width), 3, padding="same", activation="relu") for _ in range(7)]
    last = [layers.Conv2D(1, 3, padding="same"), layers.Activation("linear", dtype="float32")]
    return keras.Sequential([layers.Input((size.side, size.side, 1)), *hidden, *last])


def squared_error(model, x, _step):
    return tf.reduce_mean(tf.square(model(x, training=True) - x))


def evidence_bound(models, x, step):
    mean, log_variance = models[0](x, training=True)
    noise = tf.random.stateless_normal(tf.shape(mean), tf.stack([1, step]))
    logits = models[1](mean + tf.exp(0.5 * log_variance) * noise, training=True)
    reconstruction = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=logits))
    divergence = 0.5 * tf.reduce_sum(tf.square(mean) + tf.exp(log_variance) - log_variance - 1)
    return (reconstruction + divergence) / tf.cast(tf.shape(x)[0], tf.float32)


WORKLOADS = {
    "mlp": (mlp, squared_error), "conv-autoencoder": (conv_autoencoder, squared_error),
    "conv-vae": (conv_vae, evidence_bound), "denoiser": (denoising_stack, squared_error),
}


def item(size):
    return (size.side**2,) if size.name == "mlp" else (size.side, size.side, 1)


def build(request):
    keras.config.set_dtype_policy("mixed_bfloat16" if request.precision == "bfloat16" else "float32")
    make, loss = WORKLOADS[request.name]
    return make(request), loss


def step_of(request):
    """A plain `tf.function` step, without the bookkeeping of `fit`: the faster of the two ways, so the fairer."""
    model, loss = build(request)
    models = model if isinstance(model, tuple) else (model,)
    weights = [w for m in models for w in m.trainable_variables]
    optimiser = keras.optimizers.Adam(1e-3)
    optimiser.build(weights)
    x = tf.constant(np.random.rand(request.batch, *item(request)).astype("float32"))
    count = tf.Variable(0)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            value = loss(model, x, count.assign_add(1))
        optimiser.apply_gradients(zip(tape.gradient(value, weights), weights))
        return value

    for _ in range(5):
        step().numpy()
    return lambda: step().numpy()


def epoch_of(request):
    """`fit` for one epoch of random bytes: from an array of float32 or from tf.data over bytes, whichever is faster."""
    model, _ = build(request)
    model.compile(keras.optimizers.Adam(1e-3), "mse")
    data = np.random.randint(0, 256, (request.items, *item(request)), "uint8")
    full = request.items - request.items % request.batch
    scale = lambda x: (tf.cast(x, tf.float32) / 255,) * 2
    stream = tf.data.Dataset.from_tensor_slices(data).shuffle(request.items).batch(request.batch, drop_remainder=True)
    stream = stream.map(scale).prefetch(1)
    floats = data[:full].astype("float32") / 255
    ways = [
        lambda: model.fit(floats, floats, request.batch, 1, verbose=0, shuffle=True),
        lambda: model.fit(stream, epochs=1, verbose=0),
    ]

    def timed(way):
        begun = time.perf_counter()
        way()
        return time.perf_counter() - begun

    for way in ways:
        way()
    return min(ways, key=timed)


ready = {}


def answer(request):
    key = repr(request)
    if key not in ready:
        ready.clear()
        ready[key] = (epoch_of if request.do == "epoch" else step_of)(request)
    repetitions = 1 if request.do == "epoch" else request.repetitions
    begun = time.perf_counter()
    for _ in range(repetitions):
        ready[key]()
    return (time.perf_counter() - begun) * 1000 / repetitions


serve(answer)
