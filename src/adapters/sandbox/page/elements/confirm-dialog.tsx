import type { Confirm } from '@slack/types';
import { useId } from 'react';
import { TextObject } from '../text/text-object.tsx';
import { useDialog } from '../use-dialog.ts';

/** Slack's confirmation dialog: asks before an action is sent. Escape means no. */
export function ConfirmDialog({ confirm, onAnswer }: { confirm: Confirm; onAnswer: (yes: boolean) => void }) {
  const dialog = useDialog();
  const id = useId();
  const no = (event: { preventDefault: () => void }) => {
    event.preventDefault();
    onAnswer(false);
  };
  return (
    <dialog
      ref={dialog}
      className="dialog confirm"
      role="alertdialog"
      aria-labelledby={`${id}t`}
      aria-describedby={`${id}d`}
      onCancel={no}
    >
      <h2 id={`${id}t`} className="dialog-title">
        {confirm.title?.text ?? 'Are you sure?'}
      </h2>
      <div id={`${id}d`} className="dialog-body">
        <TextObject text={confirm.text} />
      </div>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={no}>
          {confirm.deny?.text ?? 'Cancel'}
        </button>
        <button
          type="button"
          className={`button ${confirm.style === 'danger' ? 'button-danger-solid' : 'button-primary'}`}
          onClick={() => onAnswer(true)}
        >
          {confirm.confirm?.text ?? 'Yes'}
        </button>
      </div>
    </dialog>
  );
}
