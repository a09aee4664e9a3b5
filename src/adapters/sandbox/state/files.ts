import { randomBytes } from 'node:crypto';
import { lookUp } from '../../../domain/look-up.ts';

/** What one upload may weigh, in bytes. */
export const MAX_FILE_BYTES = 20 * 1024 * 1024;
const KEPT_FILES = 100;
const KEPT_BYTES = 200 * 1024 * 1024;

export interface StoredFile {
  id: string;
  name: string;
  title: string;
  mimetype: string;
  /** `yaml`, `png` …: the name's extension. */
  filetype: string;
  content: Buffer;
  owner: string;
  /** Seconds since 1970. */
  created: number;
  /** Milliseconds of the clock; before that moment the file has no properties and no block may show it. */
  readyAt: number;
  /** Whether somebody handed it to the bot in a dialog. */
  isHandedOver: boolean;
}

/** An upload that `files.getUploadURLExternal` announced and `files.completeUploadExternal` has not finished. */
export interface PendingUpload {
  id: string;
  name: string;
  length: number;
  content: Buffer | null;
}

const MIMETYPES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  json: 'application/json',
  yaml: 'application/x-yaml',
  yml: 'application/x-yaml',
  csv: 'text/csv',
  txt: 'text/plain',
  md: 'text/markdown',
  pdf: 'application/pdf',
};

/** How a picture's content begins: a name alone makes none. */
const BEGINNINGS: Record<string, readonly number[]> = {
  'image/png': [0x89, 0x50, 0x4e, 0x47],
  'image/jpeg': [0xff, 0xd8, 0xff],
  'image/gif': [0x47, 0x49, 0x46, 0x38],
};

function mimetypeOf(filetype: string, content: Buffer): string {
  const named = lookUp(MIMETYPES, filetype) ?? 'application/octet-stream';
  const isSo = (BEGINNINGS[named] ?? []).every((byte, at) => content[at] === byte);
  return isSo ? named : 'application/octet-stream';
}

/** Uploaded files; the oldest go when there are too many or they weigh too much. */
export class FileStore {
  readonly #files = new Map<string, StoredFile>();
  readonly #pending = new Map<string, PendingUpload>();
  readonly #clock: () => number;
  readonly #announce: () => void;

  constructor(clock: () => number, announce: () => void = () => undefined, kept: readonly StoredFile[] = []) {
    this.#clock = clock;
    this.#announce = announce;
    for (const file of kept) this.#files.set(file.id, file);
    this.#dropOldest();
  }

  /** Oldest first. */
  list(): readonly StoredFile[] {
    return [...this.#files.values()];
  }

  find(id: string): StoredFile | null {
    return this.#files.get(id) ?? null;
  }

  isReady(file: StoredFile): boolean {
    return this.#clock() >= file.readyAt;
  }

  add(given: {
    id?: string;
    name: string;
    title?: string;
    content: Buffer;
    owner: string;
    readyAfterMs: number;
  }): StoredFile {
    const filetype = /\.([a-z0-9]{1,12})$/i.exec(given.name)?.[1]?.toLowerCase() ?? '';
    const now = this.#clock();
    const file: StoredFile = {
      id: given.id ?? newFileId(),
      name: given.name,
      title: given.title ?? given.name,
      mimetype: mimetypeOf(filetype, given.content),
      filetype: filetype || 'binary',
      content: given.content,
      owner: given.owner,
      created: Math.floor(now / 1_000),
      readyAt: now + given.readyAfterMs,
      isHandedOver: false,
    };
    this.#files.set(file.id, file);
    this.#dropOldest();
    this.#announce();
    return file;
  }

  /** A person gives it to the bot: from then on the bot may look at it. */
  handOver(id: string): void {
    const file = this.#files.get(id);
    if (!file || file.isHandedOver) return;
    this.#files.set(id, { ...file, isHandedOver: true });
    this.#announce();
  }

  announceUpload(name: string, length: number): PendingUpload {
    const pending = { id: newFileId(), name, length, content: null };
    this.#pending.set(pending.id, pending);
    const oldest = this.#pending.keys().next().value;
    if (this.#pending.size > KEPT_FILES && oldest !== undefined) this.#pending.delete(oldest);
    return pending;
  }

  findPending(id: string): PendingUpload | null {
    return this.#pending.get(id) ?? null;
  }

  forgetPending(id: string): void {
    this.#pending.delete(id);
  }

  #dropOldest(): void {
    let bytes = [...this.#files.values()].reduce((sum, file) => sum + file.content.length, 0);
    for (const [id, file] of this.#files) {
      if (this.#files.size <= KEPT_FILES && bytes <= KEPT_BYTES) return;
      this.#files.delete(id);
      bytes -= file.content.length;
    }
  }
}

function newFileId(): string {
  return `F${randomBytes(5).toString('hex').toUpperCase()}`;
}
