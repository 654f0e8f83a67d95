/** A configuration as a short Python program with Keras that trains the same model: the run, for readers of Python. */
import type { AutoencoderConfig, DataSource, RunConfig } from '../../../shared/training'

const lines = (...all: (string | false | null)[]): string =>
  all.filter((line) => typeof line === 'string').join('\n')

function data(source: DataSource, binarise: boolean): string {
  const known = { mnist: 'mnist', 'fashion-mnist': 'fashion_mnist' } as const
  switch (source.kind) {
    case 'mnist':
    case 'fashion-mnist':
      return lines(
        `(images, _), (test, _) = keras.datasets.${known[source.kind]}.load_data()`,
        `images = images[..., None].astype("float32") / 255`,
        binarise && `# binarised anew for each step, see the training step`,
      )
    case 'idx':
      return lines(
        `raw = open(${JSON.stringify(source.name)}, "rb").read()`,
        `count, height, width = np.frombuffer(raw, ">i4", 3, 4)`,
        `images = np.frombuffer(raw, "u1", offset=16).reshape(count, height, width, 1) / np.float32(255)`,
      )
    case 'folder':
      return lines(
        `images = keras.utils.image_dataset_from_directory(`,
        `    ${JSON.stringify(source.name)}, labels=None, image_size=(${source.height}, ${source.width}),`,
        `    color_mode="${source.channels === 1 ? 'grayscale' : 'rgb'}", batch_size=None)`,
        `images = np.stack(list(images.as_numpy_iterator())) / 255`,
      )
  }
}

const outputsOf = (model: AutoencoderConfig): number =>
  model.kind === 'variational' ? 2 * model.latent : model.latent

function encoder(model: AutoencoderConfig): string {
  const { family, layers, dense, activation, dropout } = model
  const drop = dropout > 0 ? [`    keras.layers.Dropout(${dropout}),`] : []
  const hidden =
    family === 'mlp'
      ? [
          '    keras.layers.Flatten(),',
          ...layers.flatMap((w) => [`    keras.layers.Dense(${w}, "${activation}"),`, ...drop]),
        ]
      : [
          ...layers.flatMap((c) => [
            `    keras.layers.Conv2D(${c}, 3, 2, "same", activation="${activation}"),`,
            ...drop,
          ]),
          '    keras.layers.Flatten(),',
          ...(dense > 0 ? [`    keras.layers.Dense(${dense}, "${activation}"),`, ...drop] : []),
        ]
  return lines(
    'encoder = keras.Sequential([',
    '    keras.Input(shape),',
    ...hidden,
    `    keras.layers.Dense(${outputsOf(model)}),`,
    '])',
  )
}

function decoder(model: AutoencoderConfig): string {
  const { family, layers, dense, activation, latent } = model
  const back = [...layers].reverse()
  const body =
    family === 'mlp'
      ? [
          ...back.map((w) => `    keras.layers.Dense(${w}, "${activation}"),`),
          '    keras.layers.Dense(int(np.prod(shape))),',
          '    keras.layers.Reshape(shape),',
        ]
      : [
          ...(dense > 0 ? [`    keras.layers.Dense(${dense}, "${activation}"),`] : []),
          `    keras.layers.Dense(int(np.prod(inner)), "${activation}"),`,
          '    keras.layers.Reshape(inner),',
          ...back
            .slice(1)
            .map(
              (c) =>
                `    keras.layers.Conv2DTranspose(${c}, 4, 2, "same", activation="${activation}"),`,
            ),
          '    keras.layers.Conv2DTranspose(shape[-1], 4, 2, "same"),',
        ]
  return lines(
    family === 'cnn' &&
      'inner = encoder.layers[' + String(layers.length - 1) + '].output.shape[1:]',
    'decoder = keras.Sequential([',
    `    keras.Input((${latent},)),`,
    ...body,
    '])',
  )
}

function corruption(model: Extract<AutoencoderConfig, { kind: 'denoising' }>): string {
  const { corruption: noise } = model
  switch (noise.kind) {
    case 'gaussian':
      return `x + ${noise.sigma} / 255 * tf.random.normal(tf.shape(x))`
    case 'speckle':
      return `x * (1 + ${noise.sigma} / 255 * tf.random.normal(tf.shape(x)))`
    case 'masking':
      return `x * tf.cast(tf.random.uniform(tf.shape(x)[:3])[..., None] >= ${noise.share}, x.dtype)`
    case 'salt-pepper':
      return `tf.where((u := tf.random.uniform(tf.shape(x))) < ${noise.share}, tf.cast(u > ${noise.share / 2}, x.dtype), x)`
    case 'poisson':
    case 'jpeg':
    case 'mixed':
      return `corrupt(x)  # ${noise.kind}: yours to write`
  }
}

/** The code, the reconstruction's loss and the penalty inside the training step. */
function step(config: RunConfig, model: AutoencoderConfig): string {
  const reconstruction =
    model.loss === 'cross-entropy'
      ? 'tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=logits)'
      : 'tf.square(x - tf.sigmoid(logits))'
  const shown = model.kind === 'denoising' ? corruption(model) : 'x'
  const code: Record<AutoencoderConfig['kind'], string[]> = {
    autoencoder: ['z, penalty = encoder(shown, training=True), 0.0'],
    denoising: ['z, penalty = encoder(shown, training=True), 0.0'],
    contractive: [
      'z = tf.sigmoid(encoder(shown, training=True))',
      'penalty = ...  # the squared norm of dz/dx',
    ],
    sparse:
      model.kind === 'sparse' && model.penalty === 'l1'
        ? [
            'z = tf.nn.relu(encoder(shown, training=True))',
            `penalty = ${model.weight} * tf.reduce_mean(tf.reduce_sum(z, 1))`,
          ]
        : [
            'z = tf.sigmoid(encoder(shown, training=True))',
            'mean = tf.reduce_mean(z, 0)',
            model.kind === 'sparse'
              ? `penalty = ${model.weight} * tf.reduce_sum(${model.target} * tf.math.log(${model.target} / mean) + ${1 - model.target} * tf.math.log(${1 - model.target} / (1 - mean)))`
              : '',
          ],
    variational: [
      'mean, log_variance = tf.split(encoder(shown, training=True), 2, 1)',
      'z = mean + tf.exp(log_variance / 2) * tf.random.normal(tf.shape(mean))',
      model.kind === 'variational'
        ? `penalty = ${model.beta} * tf.reduce_mean(-0.5 * tf.reduce_sum(1 + log_variance - mean ** 2 - tf.exp(log_variance), 1))`
        : '',
    ],
  }
  return lines(
    '@tf.function',
    'def train_step(x):',
    config.binarise && '    x = tf.cast(tf.random.uniform(tf.shape(x)) < x, x.dtype)',
    `    shown = ${shown}`,
    '    with tf.GradientTape() as tape:',
    ...code[model.kind].map((line) => `        ${line}`),
    '        logits = decoder(z, training=True)',
    `        loss = tf.reduce_mean(tf.reduce_sum(${reconstruction}, [1, 2, 3])) + penalty`,
    '    weights = encoder.trainable_weights + decoder.trainable_weights',
    '    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))',
    '    return loss',
  )
}

/**
 * The program's text. Its random numbers are Keras's own, so that it comes to a like model, not to the same weights;
 * augmentation, validation and warm-up are left out.
 */
export function pythonOf(config: RunConfig): string {
  const { model, training } = config
  if (model.kind === 'photo-denoiser') {
    return '# A photo denoiser is trained on random patches of whole photos; it has no short Python program.\n'
  }
  const { rate, schedule, epochs, batch, seed, weightDecay, clipNorm } = training
  const steps = `${epochs} * (len(images) // ${batch})`
  const learningRate =
    schedule === 'cosine' ? `keras.optimizers.schedules.CosineDecay(${rate}, ${steps})` : `${rate}`
  const options = [
    learningRate,
    'epsilon=1e-7',
    ...(weightDecay > 0 ? [`weight_decay=${weightDecay}`] : []),
    ...(clipNorm === null ? [] : [`global_clipnorm=${clipNorm}`]),
  ]
  return `${lines(
    'import keras',
    'import numpy as np',
    'import tensorflow as tf',
    '',
    `keras.utils.set_random_seed(${seed})`,
    data(config.data, config.binarise),
    'shape = images.shape[1:]',
    '',
    encoder(model),
    decoder(model),
    `optimizer = keras.optimizers.${weightDecay > 0 ? 'AdamW' : 'Adam'}(${options.join(', ')})`,
    '',
    step(config, model),
    '',
    `batches = tf.data.Dataset.from_tensor_slices(images).shuffle(len(images)).batch(${batch}, drop_remainder=True)`,
    `for epoch in range(${epochs}):`,
    '    losses = [float(train_step(x)) for x in batches]',
    '    print(epoch + 1, sum(losses) / len(losses))',
  )}\n`
}
