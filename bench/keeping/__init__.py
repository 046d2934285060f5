"""The run folder: results, tables, pictures, and who may write them. Imports no Keras."""
