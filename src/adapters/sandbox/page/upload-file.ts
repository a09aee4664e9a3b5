import type { UploadAnswer } from '../protocol.ts';
import { NotDoneError } from './send.ts';

/** What a running upload tells of itself, and how it is given up. */
export interface Upload {
  done: Promise<UploadAnswer>;
  cancel: () => void;
}

const FAILED = 'The file did not arrive. Try again.';

/** Uploads one file for a `file_input`. XMLHttpRequest, because fetch does not tell how far an upload is. */
export function uploadFile(as: string, file: File, onProgress: (part: number) => void): Upload {
  const request = new XMLHttpRequest();
  const done = new Promise<UploadAnswer>((resolve, reject) => {
    request.upload.onprogress = ({ lengthComputable, loaded, total }) => {
      if (lengthComputable && total > 0) onProgress(loaded / total);
    };
    request.onload = () => {
      const answer: unknown = parsed(request.responseText);
      if (request.status < 300 && answer !== null) resolve(answer as UploadAnswer);
      else reject(new NotDoneError((answer as { message?: string } | null)?.message ?? FAILED, request.status));
    };
    request.onerror = () => reject(new NotDoneError(FAILED, 0));
    request.onabort = () => reject(new NotDoneError('The upload was stopped.', 0));
  });
  const body = new FormData();
  body.append('as', as);
  body.append('file', file, file.name);
  request.open('POST', '/sandbox/files');
  request.send(body);
  return { done, cancel: () => request.abort() };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
