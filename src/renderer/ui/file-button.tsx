/** A button that chooses one file in the dialog of the system. */
import { type ComponentProps, type ReactNode, useRef } from 'react';
import { Button } from './controls.tsx';

interface FileButtonProps extends Pick<ComponentProps<typeof Button>, 'icon' | 'disabled'> {
  readonly children: ReactNode;
  readonly onFiles: (files: readonly File[]) => void;
}

export function FileButton({ children, onFiles, ...rest }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button {...rest} onClick={() => input.current?.click()}>
        {children}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        onChange={({ target }) => {
          const files = [...(target.files ?? [])];
          target.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </>
  );
}
