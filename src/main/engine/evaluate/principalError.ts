// placeholder until the data room's own lands; replace it
export const principalError = (..._args: unknown[]): Promise<never> => Promise.reject(new Error('not yet'))
