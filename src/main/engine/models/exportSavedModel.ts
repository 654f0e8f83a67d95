// placeholder until the command line's own lands; replace it
export const exportSavedModel = (..._args: unknown[]): Promise<void> =>
  Promise.reject(new Error('not yet'))
