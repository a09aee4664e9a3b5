import type { FileInput } from '@slack/types';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import type { SandboxFile } from '../../protocol.ts';
import { type Upload, uploadFile } from '../upload-file.ts';
import { useWorkspace } from '../workspace-context.ts';
import { type ElementProps, useElement } from './block-form-context.ts';
import { fileProblem, mostFiles, sizeWords } from './file-rules.ts';

/** Takes files by a click or by dropping them; each is uploaded at once, as Slack does. */
export function FileElement(props: ElementProps<FileInput>) {
  const { element, labelledBy, describedBy, invalid } = props;
  const { me } = useWorkspace();
  const { chosen, hold } = useElement(props);
  const [running, setRunning] = useState<{ name: string; part: number } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const upload = useRef<Upload>(null);
  const files = (chosen['files'] as SandboxFile[] | undefined) ?? [];

  useEffect(() => () => upload.current?.cancel(), []);

  const take = async (list: FileList | null) => {
    let held = files;
    setProblem(null);
    for (const file of list ?? []) {
      const refusal = fileProblem(element, held.length, file.name);
      if (refusal !== null) return setProblem(refusal);
      try {
        setRunning({ name: file.name, part: 0 });
        upload.current = uploadFile(me.id, file, (part) => setRunning({ name: file.name, part }));
        held = [...held, await upload.current.done];
        hold({ files: held });
      } catch (error) {
        return setProblem((error as Error).message);
      } finally {
        setRunning(null);
      }
    }
  };
  const drag = (isOver: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(isOver);
  };
  return (
    <div className="files">
      {files.map((file) => (
        <div key={file.id} className="file">
          <span className="file-words">
            <bdi>{file.name}</bdi>
            <span className="hint">{sizeWords(file.size)}</span>
          </span>
          <button
            type="button"
            className="button button-icon"
            aria-label={`Remove ${file.name}`}
            onClick={() => hold({ files: files.filter((other) => other !== file) })}
          >
            <span aria-hidden="true">✕</span>
          </button>
        </div>
      ))}
      {running !== null && (
        <div className="file">
          <span className="file-words">
            <bdi>{running.name}</bdi>
            <progress value={running.part} aria-label={`Uploading ${running.name}`} />
          </span>
          <button type="button" className="button" onClick={() => upload.current?.cancel()}>
            Stop
          </button>
        </div>
      )}
      {running === null && files.length < mostFiles(element) && (
        <label
          className={over ? 'drop drop-over' : 'drop'}
          onDragOver={drag(true)}
          onDragLeave={drag(false)}
          onDrop={(event) => {
            drag(false)(event);
            void take(event.dataTransfer.files);
          }}
        >
          <input
            type="file"
            className="drop-input"
            multiple={mostFiles(element) > 1}
            accept={element.filetypes?.map((type) => `.${type}`).join(',')}
            aria-labelledby={labelledBy}
            aria-describedby={describedBy}
            aria-invalid={invalid}
            onChange={({ target }) =>
              void take(target.files).then(() => {
                target.value = '';
              })
            }
          />
          <span>
            <b>Choose a file</b> or drop it here
          </span>
        </label>
      )}
      {problem !== null && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
