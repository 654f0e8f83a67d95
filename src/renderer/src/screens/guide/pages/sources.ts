/** The papers that the program follows. They are named in their own language. */
export interface Source {
  authors: string
  year: number
  title: string
  /** Journal or conference. */
  where: string
}

const source = (authors: string, year: number, title: string, where: string): Source => ({
  authors,
  year,
  title,
  where,
})

export const sources = {
  rumelhart: source(
    'Rumelhart, Hinton, Williams',
    1986,
    'Learning representations by back-propagating errors',
    'Nature 323',
  ),
  baldi: source(
    'Baldi, Hornik',
    1989,
    'Neural networks and principal component analysis: Learning from examples without local minima',
    'Neural Networks 2',
  ),
  hutchinson: source(
    'Hutchinson',
    1990,
    'A stochastic estimator of the trace of the influence matrix for Laplacian smoothing splines',
    'Communications in Statistics: Simulation and Computation 19',
  ),
  olshausen: source(
    'Olshausen, Field',
    1996,
    'Emergence of simple-cell receptive field properties by learning a sparse code for natural images',
    'Nature 381',
  ),
  prechelt: source(
    'Prechelt',
    1998,
    'Early stopping – but when?',
    'Neural Networks: Tricks of the Trade',
  ),
  hinton: source(
    'Hinton, Salakhutdinov',
    2006,
    'Reducing the dimensionality of data with neural networks',
    'Science 313',
  ),
  vincent2008: source(
    'Vincent, Larochelle, Bengio, Manzagol',
    2008,
    'Extracting and composing robust features with denoising autoencoders',
    'ICML',
  ),
  vincent2010: source(
    'Vincent, Larochelle, Lajoie, Bengio, Manzagol',
    2010,
    'Stacked denoising autoencoders: Learning useful representations in a deep network with a local denoising criterion',
    'Journal of Machine Learning Research 11',
  ),
  ng: source('Ng', 2011, 'Sparse autoencoder', 'CS294A lecture notes, Stanford University'),
  rifai: source(
    'Rifai, Vincent, Muller, Glorot, Bengio',
    2011,
    'Contractive auto-encoders: Explicit invariance during feature extraction',
    'ICML',
  ),
  bengio: source(
    'Bengio, Courville, Vincent',
    2013,
    'Representation learning: A review and new perspectives',
    'IEEE Transactions on Pattern Analysis and Machine Intelligence 35',
  ),
  alain: source(
    'Alain, Bengio',
    2014,
    'What regularized auto-encoders learn from the data-generating distribution',
    'Journal of Machine Learning Research 15',
  ),
  kingmaWelling: source('Kingma, Welling', 2014, 'Auto-encoding variational Bayes', 'ICLR'),
  rezende: source(
    'Rezende, Mohamed, Wierstra',
    2014,
    'Stochastic backpropagation and approximate inference in deep generative models',
    'ICML',
  ),
  srivastava: source(
    'Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov',
    2014,
    'Dropout: A simple way to prevent neural networks from overfitting',
    'Journal of Machine Learning Research 15',
  ),
  white: source('White', 2016, 'Sampling generative networks', 'arXiv 1609.04468'),
  venna: source(
    'Venna, Kaski',
    2001,
    'Neighborhood preservation in nonlinear projection methods: An experimental study',
    'ICANN',
  ),
  umap: source(
    'McInnes, Healy, Melville',
    2018,
    'UMAP: Uniform manifold approximation and projection for dimension reduction',
    'arXiv 1802.03426',
  ),
  ruff: source(
    'Ruff, Vandermeulen, Görnitz, Deecke, Siddiqui, Binder, Müller, Kloft',
    2018,
    'Deep one-class classification',
    'ICML',
  ),
  kingmaBa: source('Kingma, Ba', 2015, 'Adam: A method for stochastic optimization', 'ICLR'),
  bowman: source(
    'Bowman, Vilnis, Vinyals, Dai, Jozefowicz, Bengio',
    2016,
    'Generating sentences from a continuous space',
    'CoNLL',
  ),
  burda: source('Burda, Grosse, Salakhutdinov', 2016, 'Importance weighted autoencoders', 'ICLR'),
  odena: source(
    'Odena, Dumoulin, Olah',
    2016,
    'Deconvolution and checkerboard artifacts',
    'Distill',
  ),
  higgins: source(
    'Higgins, Matthey, Pal, Burgess, Glorot, Botvinick, Mohamed, Lerchner',
    2017,
    'beta-VAE: Learning basic visual concepts with a constrained variational framework',
    'ICLR',
  ),
  sgdr: source(
    'Loshchilov, Hutter',
    2017,
    'SGDR: Stochastic gradient descent with warm restarts',
    'ICLR',
  ),
  ffdnet: source(
    'Zhang, Zuo, Zhang',
    2018,
    'FFDNet: Toward a fast and flexible solution for CNN-based image denoising',
    'IEEE Transactions on Image Processing 27',
  ),
  adamw: source('Loshchilov, Hutter', 2019, 'Decoupled weight decay regularization', 'ICLR'),
  neighbor2neighbor: source(
    'Huang, Li, Jia, Lu, Liu',
    2021,
    'Neighbor2Neighbor: Self-supervised denoising from single noisy images',
    'CVPR',
  ),
  drunet: source(
    'Zhang, Li, Zuo, Zhang, Van Gool, Timofte',
    2021,
    'Plug-and-play image restoration with deep denoiser prior',
    'IEEE Transactions on Pattern Analysis and Machine Intelligence 44',
  ),
} satisfies Record<string, Source>
