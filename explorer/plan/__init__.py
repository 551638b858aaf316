"""What a spec means, in the tongues of the engines."""
