// The first test of Autoencoders replaces this one.
