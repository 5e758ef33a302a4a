// The first file of FileFormats replaces this one.
