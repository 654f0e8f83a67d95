/** The program's window as tests see it. Methods are what a person wants, or one request of the contract. */
import type { Page } from '@playwright/test'
import type {
  ArgsOf,
  Reply,
  ResultOf,
  WindowEvents,
  WindowRequest,
  WindowRequests,
} from '../../src/shared/contract'
import type { Transport, WindowEventMessage } from '../../src/shared/transport'

/** What the page has that tests use. The tests themselves are compiled without the DOM's types. */
export interface PageGlobal {
  darkroom: Transport
  heard?: WindowEventMessage[]
}

export class DarkroomWindow {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** Starts to collect events; those before are not among them. */
  async listen(): Promise<void> {
    await this.page.evaluate(() => {
      const page = globalThis as unknown as PageGlobal
      const heard: WindowEventMessage[] = []
      page.heard = heard
      page.darkroom.on((message) => void heard.push(message))
    })
  }

  /** The payloads of the events of that name, in order, since `listen`. */
  async heard<Name extends keyof WindowEvents>(name: Name): Promise<WindowEvents[Name][]> {
    const all = await this.page.evaluate(() => (globalThis as unknown as PageGlobal).heard ?? [])
    return all
      .filter((message) => message.name === name)
      .map((message) => message.payload as WindowEvents[Name])
  }

  /** Asks whatever is given, as a page under somebody else's control would. */
  async askAnything(name: unknown, args: unknown): Promise<Reply<unknown>> {
    return this.page.evaluate(
      ([anyName, anyArgs]) =>
        (globalThis as unknown as PageGlobal).darkroom.invoke(anyName as string, anyArgs),
      [name, args] as const,
    )
  }

  /** Asks a request of the contract and returns its result, or throws an error with the code as its message. */
  async ask<Name extends WindowRequest>(
    name: Name,
    args: ArgsOf<WindowRequests, Name>,
  ): Promise<ResultOf<WindowRequests, Name>> {
    const reply = await this.askAnything(name, args)
    if (!reply.ok) throw new Error(reply.error.code)
    return reply.result as ResultOf<WindowRequests, Name>
  }

  async engineState(): Promise<string> {
    return (await this.ask('engine.state', {})).state
  }
}
