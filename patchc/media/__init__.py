"""Sounds as others take them: sound files read, resampled and written, pictures of signals, and small pages of both."""
