import type { SandboxFile } from '../../protocol.ts';
import { sizeWords } from '../elements/file-rules.ts';

/** The files of a message: pictures shown, others as cards that open them. */
export function MessageFiles({ files }: { files: readonly SandboxFile[] }) {
  if (files.length === 0) return null;
  return (
    <div className="message-files">
      {files.map((file) =>
        file.mimetype.startsWith('image/') ? (
          <a key={file.id} href={file.href} target="_blank" rel="noopener noreferrer">
            <img className="picture" src={file.href} alt={file.name} loading="lazy" />
          </a>
        ) : (
          <a key={file.id} className="file" href={file.href} target="_blank" rel="noopener noreferrer">
            <span className="file-words">
              <bdi>{file.name}</bdi>
              <span className="hint">{sizeWords(file.size)}</span>
            </span>
          </a>
        ),
      )}
    </div>
  );
}
