// The first file of Autoencoders replaces this one.
