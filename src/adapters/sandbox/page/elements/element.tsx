import type { ElementProps } from './block-form-context.ts';
import { ButtonElement } from './button-element.tsx';
import { ChoiceElement } from './choice-element.tsx';
import type { Interactive } from './element-values.ts';
import { FileElement } from './file-element.tsx';
import { OverflowElement } from './overflow-element.tsx';
import { isSelect, SelectElement } from './select-element.tsx';
import { TextElement } from './text-element.tsx';
import { TimeElement } from './time-element.tsx';

/** Draws one interactive element of Block Kit. */
export function Element({ element, ...rest }: ElementProps<Interactive>) {
  if (isSelect(element)) return <SelectElement element={element} {...rest} />;
  switch (element.type) {
    case 'button':
    case 'workflow_button':
      return <ButtonElement element={element} {...rest} />;
    case 'overflow':
      return <OverflowElement element={element} {...rest} />;
    case 'radio_buttons':
    case 'checkboxes':
      return <ChoiceElement element={element} {...rest} />;
    case 'datepicker':
    case 'timepicker':
    case 'datetimepicker':
      return <TimeElement element={element} {...rest} />;
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return <TextElement element={element} {...rest} />;
    case 'file_input':
      return <FileElement element={element} {...rest} />;
    default:
      return <p className="not-shown">The sandbox does not draw “{element.type}”.</p>;
  }
}
