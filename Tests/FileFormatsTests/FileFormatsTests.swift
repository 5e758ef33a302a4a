// The first test of FileFormats replaces this one.
