/**
 * The worker thread's entry: takes a request, answers it, waits for the next. It is the only place where
 * foreign bytes are decoded, and it holds nothing between two images, so it may be killed at any moment.
 */
import { parentPort } from 'node:worker_threads'
import { DarkroomError, errorToData } from '../../../shared/errors'
import { handedBack, type WorkReply, type WorkRequest, type WorkResult } from './protocol'
import { classified } from './refusals'
import { decode, encode, encodeBand, encodeFrame } from './work'

function run(request: WorkRequest): WorkResult | Promise<WorkResult> {
  switch (request.kind) {
    case 'decode':
      return decode(request.bytes, request.format, request.page)
    case 'encode':
      return encode(request.planes, request.options)
    case 'band':
      return encodeBand(request.format, request.planes, request.options, request.place)
    case 'frame':
      return encodeFrame(request.format, request.shape, request.options, request.notes)
  }
}

async function answer(request: WorkRequest): Promise<void> {
  let reply: WorkReply
  try {
    reply = { ok: true, result: await run(request) }
  } catch (error) {
    // bytes that a decoder fails on are damaged; our own pixels that an encoder fails on are our fault
    const data = request.kind === 'decode' ? classified(error) : error
    reply = { ok: false, error: errorToData(data) }
  }
  try {
    parentPort?.postMessage(reply, reply.ok ? handedBack(reply.result) : [])
  } catch (error) {
    const lost = new DarkroomError(
      'internal',
      'The result could not be handed over',
      {},
      { cause: error },
    )
    parentPort?.postMessage({ ok: false, error: errorToData(lost) } satisfies WorkReply)
  }
}

parentPort?.on('message', (request: WorkRequest) => void answer(request))
