"""Lab 5, U-Net segmentation: the parts of the network, its loss, and what its drawings are worth."""
