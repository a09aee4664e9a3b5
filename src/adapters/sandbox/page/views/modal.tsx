import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import type { SandboxModal } from '../../protocol.ts';
import { BlockList } from '../blocks/block-list.tsx';
import { BlockForm } from '../elements/block-form.tsx';
import { type Edits, missingInputs, stateValues } from '../elements/element-values.ts';
import { NotDoneError, sendClose, sendSubmit } from '../send.ts';
import { PlainText } from '../text/mrkdwn-text.tsx';
import { useDialog } from '../use-dialog.ts';
import { useWorkspace } from '../workspace-context.ts';

type Doing = 'nothing' | 'submitting' | 'closing';

/** One modal: title, blocks, and the buttons that its view names. Escape closes it, as its close button does. */
export function Modal({ modal, isTop }: { modal: SandboxModal; isTop: boolean }) {
  const { view } = modal;
  const dialog = useDialog();
  const id = useId();
  const { doing, problem, errors, submit, close, keepEdits } = useModal(modal);
  const form = useRef<HTMLFormElement>(null);
  // A dialog that opens before its content is there gets its inputs later.
  const hasInputs = view.blocks.some(({ type }) => type === 'input');
  useEffect(() => focusFirst(form.current, hasInputs), [hasInputs]);
  return (
    <dialog
      ref={dialog}
      className={isTop ? 'dialog modal' : 'dialog modal modal-below'}
      inert={!isTop}
      aria-labelledby={`${id}t`}
      onCancel={(event) => {
        event.preventDefault();
        if (event.target === event.currentTarget) close();
      }}
    >
      <form ref={form} noValidate onSubmit={submit} aria-busy={doing !== 'nothing'}>
        <header className="dialog-head">
          <h2 id={`${id}t`} className="dialog-title">
            <PlainText text={view.title.text} />
          </h2>
          <button type="button" className="button button-icon" aria-label="Close dialog" onClick={close}>
            <span aria-hidden="true">✕</span>
          </button>
        </header>
        <div className="dialog-body">
          <BlockForm
            container={{ type: 'view', viewId: modal.id }}
            blocks={view.blocks}
            errors={errors}
            onEdits={keepEdits}
          >
            <BlockList blocks={view.blocks} />
          </BlockForm>
        </div>
        {problem !== null && (
          <p className="problem dialog-problem" role="alert">
            {problem}
          </p>
        )}
        <footer className="dialog-foot">
          {(view.close !== undefined || view.submit !== undefined) && (
            <button type="button" className="button" onClick={close}>
              <PlainText text={view.close?.text ?? 'Cancel'} />
            </button>
          )}
          {view.submit !== undefined && (
            <button
              type="submit"
              className="button button-primary"
              aria-busy={doing === 'submitting'}
              aria-disabled={doing !== 'nothing'}
            >
              <PlainText text={view.submit.text} />
            </button>
          )}
        </footer>
      </form>
    </dialog>
  );
}

function useModal(modal: SandboxModal) {
  const { me } = useWorkspace();
  const [doing, setDoing] = useState<Doing>('nothing');
  const [problem, setProblem] = useState<string | null>(null);
  const [errors, setErrors] = useState(modal.errors);
  const edits = useRef<Edits>(new Map());
  // A refusal may arrive as news too (from another tab of the same person); the newest one counts.
  useEffect(() => setErrors(modal.errors), [modal.errors]);

  const attempt = async (what: Doing, act: () => Promise<void>) => {
    if (doing !== 'nothing') return;
    setDoing(what);
    setProblem(null);
    try {
      await act();
    } catch (error) {
      setProblem(error instanceof NotDoneError ? error.message : 'That did not work. Try again.');
    } finally {
      setDoing('nothing');
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    void attempt('submitting', async () => {
      const missing = missingInputs(modal.view.blocks, edits.current);
      const refused =
        Object.keys(missing).length > 0
          ? missing
          : await sendSubmit({ as: me.id, viewId: modal.id, state: stateValues(modal.view.blocks, edits.current) });
      setErrors(refused);
      if (Object.keys(refused).length > 0) requestAnimationFrame(() => focusInvalid(form));
    });
  };
  return {
    doing,
    problem,
    errors,
    submit,
    close: () => void attempt('closing', async () => void (await sendClose({ as: me.id, viewId: modal.id }))),
    keepEdits: (next: Edits) => {
      edits.current = next;
    },
  };
}

function focusFirst(form: HTMLFormElement | null, hasInputs: boolean): void {
  const body = form?.querySelector('.dialog-body');
  if (body?.contains(document.activeElement) === true) return;
  const first = hasInputs
    ? (body?.querySelector<HTMLElement>('[data-focus]') ??
      body?.querySelector<HTMLElement>('.block-input :is(input, textarea, button)'))
    : null;
  (first ?? form?.querySelector<HTMLElement>('.dialog-foot button'))?.focus();
}

function focusInvalid(form: HTMLFormElement): void {
  form
    .querySelector<HTMLElement>('[aria-invalid="true"], .block-input-wrong input, .block-input-wrong button')
    ?.focus();
}
