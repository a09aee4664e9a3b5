import type { IncomingMessage } from 'node:http';
import busboy from 'busboy';
import { SandboxRefusal } from '../sandbox-refusal.ts';
import { MAX_FILE_BYTES } from '../state/files.ts';

export interface Upload {
  fields: Record<string, string>;
  file: { name: string; content: Buffer };
}

/** Reads a multipart form with one file of at most 20 MB. Refuses anything else. */
export async function receiveUpload(request: IncomingMessage): Promise<Upload> {
  const form = openForm(request);
  const fields: Record<string, string> = {};
  let file: Upload['file'] | null = null;
  await new Promise<void>((resolve, reject) => {
    const refuse = (message: string, status = 400) => {
      request.unpipe(form);
      request.resume();
      reject(new SandboxRefusal(message, status));
    };
    form.on('field', (name, value) => {
      fields[name] = value;
    });
    form.on('file', (_field, stream, info) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('limit', () => refuse('The file is larger than 20 MB, which is the most that the sandbox takes.', 413));
      stream.on('end', () => {
        file = { name: nameOf(info.filename), content: Buffer.concat(chunks) };
      });
    });
    form.on('filesLimit', () => refuse('Upload one file at a time.'));
    form.on('error', () => refuse('The upload was cut off. Try again.'));
    form.on('close', resolve);
    request.on('aborted', () => refuse('The upload was cut off. Try again.'));
    request.pipe(form);
  });
  if (!file) throw new SandboxRefusal('There was no file in the upload.');
  return { fields, file };
}

function openForm(request: IncomingMessage): busboy.Busboy {
  try {
    return busboy({
      headers: request.headers,
      // People's file names are UTF-8; the default would garble them.
      defParamCharset: 'utf8',
      limits: { files: 1, fileSize: MAX_FILE_BYTES, fields: 10, fieldSize: 10_000, parts: 12 },
    });
  } catch {
    throw new SandboxRefusal('A file is uploaded as a multipart form.');
  }
}

/** A name without folders and control characters; browsers send none, others may. */
function nameOf(given: string | undefined): string {
  const bare =
    (given ?? '')
      .split(/[/\\]/)
      .at(-1)
      ?.replace(/\p{Cc}/gu, '') ?? '';
  return bare.slice(0, 255) || 'file';
}
