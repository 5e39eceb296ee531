/** The one target for files: dropped, or chosen with a button. Only names and numbers come back, never paths. */
import { FileDown } from 'lucide-react';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { Button } from './controls.tsx';

interface DropZoneProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly button: string;
  readonly onFiles: (files: readonly File[]) => void;
  /** Takes a text that was dragged here. */
  readonly onText?: (text: string) => void;
  readonly compact?: boolean;
}

export function DropZone({ title, children, button, onFiles, onText, compact }: DropZoneProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const files = [...event.dataTransfer.files];
    if (files.length > 0) onFiles(files);
    else if (event.dataTransfer.getData('text/plain') !== '')
      onText?.(event.dataTransfer.getData('text/plain'));
  };
  return (
    <div
      className={`drop ${isOver ? 'over' : ''} ${compact === true ? 'compact' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={drop}
    >
      <FileDown size={28} aria-hidden strokeWidth={1.5} />
      <div className="title">{title}</div>
      <div className="more">{children}</div>
      <Button onClick={() => input.current?.click()}>{button}</Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={button}
        data-testid="files"
        onChange={({ target }) => {
          const files = [...(target.files ?? [])];
          target.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </div>
  );
}
