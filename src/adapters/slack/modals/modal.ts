import type { KnownBlock, ModalView } from '@slack/types';
import { fitParts } from '../blocks/fit-message.ts';
import { type Part, section } from '../blocks/parts.ts';
import { plain } from '../blocks/text.ts';

const MAX_BLOCKS = 100;
/** Slack takes 250,000; nobody reads as much. */
const MAX_CHARACTERS = 100_000;

export interface ModalLook {
  title: string;
  callbackId: string;
  /** What the app wants to have back with every click; JSON of at most 3,000 characters. */
  metadata?: unknown;
  close?: string;
  submit?: string;
  /** Closing it closes the modals below it, too. */
  clearOnClose?: boolean;
  /** A name of the app's own, to update a modal whose id it was not told. */
  externalId?: string;
}

/** A modal that only shows something. */
export function modal(look: ModalLook, parts: readonly Part[]): ModalView {
  return modalOf(look, fitParts(parts, MAX_BLOCKS, MAX_CHARACTERS));
}

/** A modal of any blocks, forms included. */
export function modalOf(look: ModalLook, blocks: KnownBlock[]): ModalView {
  return {
    type: 'modal',
    callback_id: look.callbackId,
    title: { type: 'plain_text', text: plain(look.title, 24) },
    close: { type: 'plain_text', text: look.close ?? 'Close' },
    ...(look.submit === undefined ? {} : { submit: { type: 'plain_text', text: look.submit } }),
    ...(look.metadata === undefined ? {} : { private_metadata: JSON.stringify(look.metadata) }),
    ...(look.clearOnClose === true ? { clear_on_close: true } : {}),
    ...(look.externalId === undefined ? {} : { external_id: look.externalId }),
    blocks,
  };
}

/** What stands in a modal until its content is there. */
export function waitingModal(look: ModalLook, text = 'Loading…'): ModalView {
  return modal(look, [section(text, 1)]);
}

/** What a modal says where its content can't be shown. `text` is mrkdwn, escaped. */
export function sentenceModal(look: ModalLook, text: string): ModalView {
  return modal(look, [section(text, 1)]);
}
