/** An import of another file of the same package. */
export interface InternalImport {
  target: string;
  line: number;
}

/** The circles of imports among the files of a package. Each is one line: the import that closes it, and its files. */
export function importCircles(imports: ReadonlyMap<string, readonly InternalImport[]>): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  /** From where the search began to the file that it looks at. */
  const path: string[] = [];
  const visit = (file: string): void => {
    path.push(file);
    for (const { target, line } of imports.get(file) ?? []) {
      const start = path.indexOf(target);
      if (start >= 0) {
        const files = [...path.slice(start), target].map((name) => name.replace(/^.*?\/src\//, ''));
        circles.push(`${file}:${line} closes a circle of imports: ${files.join(' → ')}`);
      } else if (!done.has(target)) {
        visit(target);
      }
    }
    path.pop();
    done.add(file);
  };
  for (const file of imports.keys()) if (!done.has(file)) visit(file);
  return circles;
}
