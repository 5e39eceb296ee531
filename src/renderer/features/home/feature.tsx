import { House } from 'lucide-react';
import type { Feature } from '../../app/feature.ts';
import { Home } from './home.tsx';

export const feature: Feature = { id: 'home', order: 1, icon: House, title: 'home.title', View: Home };
