/** A dialog over the window: the element of the platform, which keeps the focus and closes with Escape. */
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';

interface ModalProps {
  readonly className: string;
  /** What it is called: a text, or the element that says it. */
  readonly label?: string;
  readonly labelledBy?: string;
  readonly onClose: () => void;
  /** A press beside it closes it too. */
  readonly closesOutside?: boolean;
  readonly children: ReactNode;
}

export function Modal({ className, label, labelledBy, onClose, closesOutside, children }: ModalProps) {
  const ref = useRef<HTMLDialogElement>(null);
  // Before it leaves the page: only a dialog that is closed there gives the focus back.
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => {
      dialog?.close();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className={className}
      aria-label={label}
      aria-labelledby={labelledBy}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        if (closesOutside === true && event.target === event.currentTarget) onClose();
      }}
    >
      {children}
    </dialog>
  );
}

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** The buttons at its end. */
  readonly ends?: ReactNode;
}

export function Dialog({ title, onClose, children, ends }: DialogProps) {
  const id = useId();
  return (
    <Modal className="sheet" labelledBy={id} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      {children}
      {ends === undefined ? null : <div className="ends">{ends}</div>}
    </Modal>
  );
}
