"""Result folders: writing, reading, checking. The store judges nothing."""
