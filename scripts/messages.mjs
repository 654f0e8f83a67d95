import { compileMessages } from './steps/messages.mjs'

/** `npm run messages`: compile the messages of both languages, whether they changed or not. */
await compileMessages({ force: true })
console.log('Messages compiled into src/shared/messages/compiled')
