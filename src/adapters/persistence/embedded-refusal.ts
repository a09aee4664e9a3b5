import { RefusedError } from '../../domain/refused-error.ts';

export type EmbeddedRefusalCode = 'folder_in_use' | 'folder_unusable' | 'database_not_started' | 'unsupported_machine';

/** The embedded database can't be had as things stand; the sentence says why and what cures it. */
export class EmbeddedRefusal extends RefusedError {
  readonly code: EmbeddedRefusalCode;
  readonly userMessage: string;

  constructor(code: EmbeddedRefusalCode, userMessage: string, options?: ErrorOptions) {
    super(userMessage, options);
    this.name = 'EmbeddedRefusal';
    this.code = code;
    this.userMessage = userMessage;
  }
}
