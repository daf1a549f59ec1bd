"""Templates, styles and scripts that readers see."""
