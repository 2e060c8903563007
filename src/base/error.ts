/**
 * The one error type of the project. A message is one sentence that names the operation, the object, what was
 * required, what was found and the way out; the command line prints it without a stack trace and exits with 1.
 */
export class AssayError extends Error {
  override readonly name = "AssayError";
}

/** The five parts of an error message. `wayOut` is what the reader can do next. */
export interface Failure {
  readonly operation: string;
  readonly object: string;
  readonly required: string;
  readonly found: string;
  readonly wayOut: string;
}

/**
 * Builds the message from its parts:
 * `Cannot read checkpoint "a.safetensors": the header must be JSON, found 3 bytes; copy the file again.`
 */
export function failure(f: Failure, cause?: unknown): AssayError {
  return new AssayError(
    `Cannot ${f.operation} ${f.object}: ${f.required}, found ${f.found}; ${f.wayOut}.`,
    cause === undefined ? {} : { cause },
  );
}
