// The bare process that an import is compared with.
export {};
