import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Pictures } from '../../use-cases/ports/pictures.ts';
import type { Ports } from '../../use-cases/ports.ts';
import type { UseCases } from '../../use-cases/use-cases.ts';
import type { DiffAddress } from './diff-address.ts';
import type { SlackWorkspace } from './identify-workspace.ts';

/** Remembers what was handled, shared by every process on the database. */
export interface HandledRequests {
  /** True the first time a key is seen, false ever after. @throws Refusal unavailable without the database */
  firstTime(key: string): Promise<boolean>;
}

/** What every part of the Slack adapter works with. */
export interface SlackContext {
  useCases: UseCases;
  ports: Ports;
  /** Calls give up after ten seconds and are never repeated by themselves. */
  web: WebClient;
  workspace: SlackWorkspace;
  handledRequests: HandledRequests;
  log: Logger;
  botToken: string;
  /** Of the Web API; null for Slack's own. */
  apiUrl: string | null;
  /** Where this Towpath is reached from outside, for the help's examples. */
  publicUrl: string | null;
  diffAddress: DiffAddress;
  pictures: Pictures;
}
