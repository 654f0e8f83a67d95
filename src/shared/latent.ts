/**
 * What a latent space is good for, as data: galleries (Generate), maps (Map) and measurements (Measure). The mathematics
 * is in `engine/latent` and `engine/evaluate`.
 */
import { z } from 'zod'
import { dataSource, pictures, recipeNames, runConfig, type RecipeName } from './training'

const count = z.int().min(1)
const seed = z
  .int()
  .min(0)
  .max(2 ** 31 - 1)
const floats = z.custom<Float32Array>((value) => value instanceof Float32Array)
const integers = z.custom<Int32Array>((value) => value instanceof Int32Array)

/** The images of a model's data set: those it was trained and validated on, or those kept for the test. */
export const dataPart = z.enum(['training', 'test'])
export type DataPart = z.infer<typeof dataPart>

/** Where random codes come from: N(0, T²I), or a Gaussian mixture fitted to the encodings of the training images. */
export const origin = z.enum(['prior', 'mixture'])
export type Origin = z.infer<typeof origin>

/**
 * A point of the latent space: the posterior mean of an image, a drawn sample (number `index` of those that `sample`
 * shows with the same numbers), or a code as it is. A file's `path` is a path for the engine and a handle for the
 * window; its picture is brought to the model's size (scaled to cover, the middle kept) and channels.
 */
export const anchor = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('data'), part: dataPart, index: z.int().min(0) }),
  z.strictObject({ kind: z.literal('file'), path: z.string(), name: z.string() }),
  z.strictObject({
    kind: z.literal('sample'),
    seed,
    index: z.int().min(0),
    temperature: z.number().min(0).max(4),
    from: origin,
  }),
  z.strictObject({ kind: z.literal('code'), code: z.array(z.number()).min(1) }),
])
export type Anchor = z.infer<typeof anchor>

/** A group of images whose mean code is taken: all of one label, or chosen ones. */
export const group = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('label'), part: dataPart, label: z.int().min(0) }),
  z.strictObject({ kind: z.literal('anchors'), anchors: z.array(anchor).min(1).max(100) }),
])
export type Group = z.infer<typeof group>

export const walkMode = z.enum(['lerp', 'slerp'])
export type WalkMode = z.infer<typeof walkMode>

/** A sheet of pictures, by what makes it. The same gallery of the same model is the same pictures, byte for byte. */
export const gallery = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sample'),
    count: count.max(1024),
    seed,
    temperature: z.number().min(0).max(4),
    from: origin,
  }),
  /** Originals above their reconstructions. */
  z.strictObject({ kind: z.literal('reconstruct'), anchors: z.array(anchor).min(1).max(64) }),
  /** A strip of `steps` pictures, both ends among them, for each pair of anchors that follow each other. */
  z.strictObject({
    kind: z.literal('interpolate'),
    anchors: z.array(anchor).min(2).max(16),
    steps: z.int().min(2).max(64),
    mode: walkMode,
  }),
  /** size × size codes at the normal distribution's quantiles; for two latents only. The second latent grows upwards. */
  z.strictObject({ kind: z.literal('manifold'), size: z.int().min(2).max(40) }),
  /** A row for each latent, the active ones first: zⱼ from −extent to extent, the others as the base has them. */
  z.strictObject({
    kind: z.literal('traverse'),
    base: anchor.nullable(),
    /** How many latents, of those with the largest variance over the data. */
    latents: count.max(64),
    steps: z.int().min(2).max(32),
    extent: z.number().gt(0).max(10),
  }),
  /** base + weight · (mean code of `plus` − mean code of `minus`), for each weight. */
  z.strictObject({
    kind: z.literal('arithmetic'),
    base: anchor,
    plus: group,
    minus: group,
    weights: z.array(z.number().min(-10).max(10)).min(1).max(32),
  }),
])
export type Gallery = z.infer<typeof gallery>
export type GalleryKind = Gallery['kind']

/** A gallery, made: `pictures` row by row in `columns`; `codes` [pictures.count, latent], NaN for what was not decoded. */
export const galleryPictures = z.strictObject({
  pictures,
  columns: count,
  codes: floats,
  /** What each row is, where rows differ: the latent's number, the pair of anchors. */
  rows: z.array(
    z.strictObject({
      latent: z.int().nullable(),
      /** Slerp between nearly parallel codes goes in a straight line. */
      straight: z.boolean(),
    }),
  ),
  /** SHA-256 of the model's configuration and weights. */
  hash: z.string(),
})
export type GalleryPictures = z.infer<typeof galleryPictures>

/** `sheet`: one PNG; `frames`: a folder of PNGs; `animation`: one animated PNG, there and back. */
export const galleryExport = z.enum(['sheet', 'frames', 'animation'])
export type GalleryExport = z.infer<typeof galleryExport>

/** What an exported picture says of how it was made. */
export const provenance = z.strictObject({
  program: z.string(),
  model: z.string(),
  hash: z.string(),
  gallery,
  /** The codes of its pictures, one after the other; null where a picture was not decoded. */
  codes: z.array(z.array(z.number()).nullable()),
})
export type Provenance = z.infer<typeof provenance>

/** What is known of a model's latent space. */
export const latentFacts = z.strictObject({
  item: z.string(),
  hash: z.string(),
  latent: count,
  width: count,
  height: count,
  channels: z.int(),
  /** Variational models: codes can be drawn from N(0, I). */
  prior: z.boolean(),
  /** Each latent's mean and variance of the posterior means over the data, the largest variance first. */
  latents: z.array(
    z.strictObject({ index: z.int(), mean: z.number(), variance: z.number(), active: z.boolean() }),
  ),
  /** Null where the data is not there any more: nothing can be chosen from it, no mixture fitted. */
  data: z
    .strictObject({ training: z.int(), test: z.int(), labels: z.array(z.string()).nullable() })
    .nullable(),
})
export type LatentFacts = z.infer<typeof latentFacts>

/** Posteriors q(z|x) of a model with two latents, for drawing them as ellipses: [n, 2] each. */
export const posteriors = z.strictObject({
  means: floats,
  deviations: floats,
  labels: integers.nullable(),
})
export type Posteriors = z.infer<typeof posteriors>

/** How points get their place: the two codes themselves, principal components or UMAP of the codes, or of the pixels. */
export const projection = z.enum(['codes', 'pca', 'umap', 'pixels-pca'])
export type Projection = z.infer<typeof projection>

export const mapRequest = z.strictObject({
  item: z.string(),
  part: dataPart,
  projection,
  /** Points at most, the first ones of a shuffle by `seed`. */
  most: z.int().min(2).max(60_000),
  seed,
})
export type MapRequest = z.infer<typeof mapRequest>

/**
 * A map: `places` [count, 2], scaled to [−1, 1] with the same factor on both axes; `indices` of the images in their part;
 * `errors` the squared error per pixel. `trustworthiness` and `continuity` (Venna and Kaski 2001) of `judged` points with
 * `neighbours` neighbours, against the pixels.
 */
export const latentMap = z.strictObject({
  request: mapRequest,
  count,
  places: floats,
  indices: integers,
  labels: integers.nullable(),
  labelNames: z.array(z.string()).nullable(),
  errors: floats,
  /** What a place stands for: centre + place · factor, the codes themselves or what the projection gave. */
  frame: z.strictObject({ centre: z.tuple([z.number(), z.number()]), factor: z.number() }),
  /** Whether a place can be decoded: two latents, or principal components of codes (the rest is the mean). */
  decodable: z.boolean(),
  /** Shares of the variance that the two components explain. */
  explained: z.tuple([z.number(), z.number()]).nullable(),
  trustworthiness: z.number(),
  continuity: z.number(),
  judged: z.int(),
  neighbours: z.int(),
  seconds: z.number(),
})
export type LatentMap = z.infer<typeof latentMap>

/** Images of a map: what was shown to the model, and what it made of it. */
export const mapImages = z.strictObject({
  originals: pictures,
  reconstructions: pictures,
  codes: floats,
  errors: floats,
})
export type MapImages = z.infer<typeof mapImages>

/** Which images are normal. `each`: every label once; the mean of the figures is reported. */
export const anomalyProtocol = z.discriminatedUnion('kind', [
  /** One label is normal, all others are anomalies (null: each label in turn). */
  z.strictObject({ kind: z.literal('one-normal'), label: z.int().nullable() }),
  /** One label is the anomaly, all others are normal (null: each label in turn). */
  z.strictObject({ kind: z.literal('one-anomaly'), label: z.int().nullable() }),
  /** All of the data's images are normal; `test` has normal and other images in subfolders, one of them named `normal`. */
  z.strictObject({ kind: z.literal('folders'), test: dataSource, normalLabel: z.string() }),
])
export type AnomalyProtocol = z.infer<typeof anomalyProtocol>

/** The recipe that is offered for a protocol: the one that finds most with it (`bench/README.md`). */
export const suitedRecipes: Record<AnomalyProtocol['kind'], RecipeName> = {
  'one-normal': 'mnist-anomaly',
  'one-anomaly': 'mnist-missing',
  folders: 'mnist-anomaly',
}

/** A measurement to be made. */
export const measureRequest = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('anomaly'),
    /** The recipe's name, for the report, and its configuration; its `data` are the normal images' source. */
    recipe: z.enum(recipeNames).nullable(),
    config: runConfig,
    protocol: anomalyProtocol,
  }),
  z.strictObject({ kind: z.literal('compress'), item: z.string() }),
  z.strictObject({
    kind: z.literal('features'),
    item: z.string(),
    /** A denoising and a plain model to compare under input noise as well; null: only the model itself. */
    against: z.string().nullable(),
    /** Whether a classifier is trained from the encoder and from scratch (minutes). */
    pretraining: z.boolean(),
    seed,
  }),
  z.strictObject({ kind: z.literal('likelihood'), item: z.string(), samples: count.max(5000) }),
])
export type MeasureRequest = z.infer<typeof measureRequest>
export type MeasureKind = MeasureRequest['kind']

/** One number of a report with the baselines beside it. */
export const figure = z.strictObject({
  /** A key of `messages`: `measure_figure_<name>`. */
  name: z.string(),
  value: z.number(),
  unit: z.string(),
  /** Larger is better, or smaller. */
  better: z.enum(['larger', 'smaller']).nullable(),
  baselines: z.array(z.strictObject({ name: z.string(), value: z.number() })),
})
export type Figure = z.infer<typeof figure>

/** A line of a chart: y against x. */
export const chartLine = z.strictObject({
  name: z.string(),
  /** What is measured, or what it is compared with. */
  baseline: z.boolean(),
  x: z.array(z.number()),
  y: z.array(z.number()),
  /** Half-width of the 95 % interval of each y, where there is one. */
  interval: z.array(z.number()).nullable(),
})
export const chart = z.strictObject({
  name: z.string(),
  xName: z.string(),
  yName: z.string(),
  logarithmicX: z.boolean(),
  logarithmicY: z.boolean(),
  lines: z.array(chartLine),
})
export type Chart = z.infer<typeof chart>
export type ChartLine = z.infer<typeof chartLine>

const columnCharts = new Set(['kl-per-latent'])
/** Whether a chart's x names things that stand side by side, in their order, such as latents: it is drawn as columns. */
export const isColumns = ({ name }: Pick<Chart, 'name'>): boolean => columnCharts.has(name)

/** A table of a report. Names are keys of `messages` (`measure_name_<name>`) or, in quotation marks, words of the data. */
export const reportTable = z.strictObject({
  name: z.string(),
  columns: z.array(z.string()),
  rows: z.array(z.array(z.union([z.number(), z.string(), z.null()]))),
})
export type ReportTable = z.infer<typeof reportTable>

/** One trained model's scores on the test images, for anomaly reports; higher is more anomalous. */
export const anomalyCase = z.strictObject({
  /** The label that is normal or the anomaly, as words. */
  label: z.string(),
  auroc: z.record(z.string(), z.number()),
  averagePrecision: z.record(z.string(), z.number()),
  /** The fixed score's threshold: the 95th percentile of the normal validation images. */
  threshold: z.number(),
})
export type AnomalyCase = z.infer<typeof anomalyCase>

/** What a measurement came to. It is kept in the library's folder until it is deleted. */
export const measureReport = z.strictObject({
  id: z.string(),
  request: measureRequest,
  /** Names of the models and of the data, for the title. */
  model: z.string(),
  data: z.string(),
  created: z.number(),
  seconds: z.number(),
  figures: z.array(figure),
  charts: z.array(chart),
  tables: z.array(reportTable),
  /** Keys of `messages` (`measure_protocol_<name>`) with their values: how it was measured, and what must be said of it. */
  protocol: z.array(
    z.strictObject({
      name: z.string(),
      values: z.record(z.string(), z.union([z.number(), z.string()])),
    }),
  ),
  /** Sheets of pictures with a caption each (`measure_sheet_<name>`). */
  sheets: z.array(
    z.strictObject({
      name: z.string(),
      columns: count,
      pictures,
      /** Lines under it: `name` and number pairs such as bytes, bits per pixel, squared error. */
      facts: z.array(z.strictObject({ name: z.string(), value: z.number(), unit: z.string() })),
    }),
  ),
  cases: z.array(anomalyCase),
})
export type MeasureReport = z.infer<typeof measureReport>

/** A report as a list shows it. */
export const measureSummary = measureReport
  .pick({ id: true, request: true, model: true, data: true, created: true, seconds: true })
  .extend({ figure: figure.nullable() })
export type MeasureSummary = z.infer<typeof measureSummary>

/** The fixed score of every test image of one case: `truth` is 1 for anomalies. `indices` are places in the test images. */
export const caseScores = z.strictObject({
  scores: floats,
  truth: integers,
  indices: integers,
})
export type CaseScores = z.infer<typeof caseScores>
/** Test images of a case with what the model made of them and where they differ. */
export const caseImages = z.strictObject({
  originals: pictures,
  reconstructions: pictures,
  /** The error of each pixel, channels added up, as brightness: white is the largest of all shown. */
  heat: pictures,
})
export type CaseImages = z.infer<typeof caseImages>

/** What long work is doing, in the order in which it does it. */
export const workPhase = z.enum([
  'data',
  'encode',
  'fit',
  'train',
  'project',
  'judge',
  'measure',
  'denoise',
  'save',
])
export type WorkPhase = z.infer<typeof workPhase>
