"""Whether everything is working: health for operators."""
